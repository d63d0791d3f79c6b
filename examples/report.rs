//! A run or a comparison as one HTML file.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use clap::Parser;
use keypoints_cli::{draw_comparison, finish, say, write_comparison_report, write_run_report};
use keypoints_train::RunFolder;
use keypoints_train::study::Study;

/// Writes report.html into the folder of a run or of a comparison: one file with scores, pictures and settings that needs
/// nothing beside it. Training and comparing do this by themselves when they end; this makes it anew, or of what there is
/// so far.
#[derive(Parser)]
#[command(name = "report", after_help = "Example: report runs/quickstart")]
struct Args {
    /// The folder of a run (with run.json) or of a comparison (with study.json).
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
    } else {
        bail!("{}: neither run.json nor study.json in this folder", args.folder.display());
    };
    say(format_args!("wrote {}", report.display()))?;
    Ok(())
}
