//! A run, a comparison, a cross-validation or an ensemble as one HTML file.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use clap::Parser;
use keypoints_cli::{
    draw_comparison, finish, say, write_comparison_report, write_cv_report, write_ensemble_report,
    write_run_report,
};
use keypoints_train::RunFolder;
use keypoints_train::cv::CvFolder;
use keypoints_train::ensemble::EnsembleRecord;
use keypoints_train::study::Study;

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
    let run = RunFolder::new(&args.folder);
    let report = if run.exists() {
        write_run_report(&run)?
    } else if args.folder.join("study.json").exists() {
        let summary = Study::summarise(&args.folder)?;
        draw_comparison(&args.folder, &summary)?;
        write_comparison_report(&args.folder, &summary)?
    } else if EnsembleRecord::exists(&args.folder) {
        write_ensemble_report(&args.folder)?
    } else if CvFolder::exists(&args.folder) {
        write_cv_report(&args.folder)?
    } else {
        let files = "run.json, study.json, cv.json or ensemble.json";
        bail!("{}: expected one of {files} in this folder, found none", args.folder.display());
    };
    say(format_args!("wrote {}", report.display()))?;
    Ok(())
}
