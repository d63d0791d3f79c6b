//! A run, a comparison, a cross-validation or an ensemble as one HTML file.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use clap::Parser;
use keypoints_cli::{
    draw_comparison, finish, say, write_comparison_report, write_cv_report, write_ensemble_report,
    write_run_report,
};
use keypoints_train::study::Study;
use keypoints_train::{FolderKind, RunFolder};

/// Writes report.html into the folder of a run, a comparison, a cross-validation or an ensemble: one file with scores, pictures and
/// settings that needs nothing beside it. The programs do this by themselves when they end; this makes it anew, or of what there
/// is so far.
#[derive(Parser)]
#[command(name = "report", after_help = "Example: report runs/quickstart")]
struct Args {
    /// The folder of a run (with run.json), a comparison (study.json), a cross-validation (cv.json) or an ensemble (ensemble.json).
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

fn main() -> ExitCode {
    finish(run(&Args::parse()))
}

fn run(args: &Args) -> anyhow::Result<()> {
    let folder = &args.folder;
    let report = match FolderKind::of(folder) {
        Some(FolderKind::Run) => write_run_report(&RunFolder::new(folder))?,
        Some(FolderKind::Study) => {
            let summary = Study::summarise(folder)?;
            draw_comparison(folder, &summary)?;
            write_comparison_report(folder, &summary)?
        }
        Some(FolderKind::Ensemble) => write_ensemble_report(folder)?,
        Some(FolderKind::CrossValidation) => write_cv_report(folder)?,
        Some(FolderKind::Sweep) => bail!(
            "{}: this is a sweep, whose results.md and pictures are its report; name the folder of one of its trials",
            folder.display()
        ),
        None => {
            let files = "run.json, study.json, cv.json or ensemble.json";
            bail!("{}: expected one of {files} in this folder, found none", folder.display())
        }
    };
    say(format_args!("wrote {}", report.display()))?;
    Ok(())
}
