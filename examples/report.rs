//! A run, a study or an ensemble as one HTML file.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use clap::Parser;
use keypoints_cli::{
    draw_study, finish, say, write_cv_report, write_ensemble_report, write_run_report,
    write_study_report,
};
use keypoints_study::{FolderKind, StudyFolder};
use keypoints_train::RunFolder;

/// Writes report.html into the folder of a run, a study (a comparison, a cross-validation, a sweep) or an ensemble: one file with
/// scores, pictures and settings that needs nothing beside it. The programs do this by themselves when they end; this makes it anew,
/// or of what there is so far.
#[derive(Parser)]
#[command(name = "report", after_help = "Example: report runs/quickstart")]
struct Args {
    /// The folder of a run (with run.json), a study (study.json) or an ensemble (ensemble.json).
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

fn main() -> ExitCode {
    finish(run(&Args::parse()))
}

fn run(args: &Args) -> anyhow::Result<()> {
    let folder = &args.folder;
    let report = match FolderKind::of(folder)? {
        Some(FolderKind::Run) => write_run_report(&RunFolder::new(folder))?,
        Some(FolderKind::Study) => {
            let study = StudyFolder::open(folder)?;
            let summary = study.summarise()?;
            if study.record().study.is_cross_validation() {
                write_cv_report(&study)?
            } else {
                draw_study(folder, &summary)?;
                write_study_report(&study, &summary)?
            }
        }
        Some(FolderKind::Ensemble) => write_ensemble_report(folder)?,
        None => {
            let files = "run.json, study.json or ensemble.json";
            bail!("{}: expected one of {files} in this folder, found none", folder.display())
        }
    };
    say(format_args!("wrote {}", report.display()))?;
    Ok(())
}
