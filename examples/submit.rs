//! Write a submission from a run, or check one.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use clap::Parser;
use keypoints_cli::{
    DataArgs, DeviceArgs, TtaArgs, finish, open_predictor, run_files, say, write_submission,
};
use keypoints_files::refuse_inputs;
use keypoints_kaggle::check;

/// Answers every request of IdLookupTable.csv with a trained run and writes submission.csv, or tells with
/// --check what Kaggle would say of a file. Prints the score where the truth is known (solution.csv of
/// synthetic data).
#[derive(Parser)]
#[command(
    name = "submit",
    after_help = "Example: submit --run runs/train\n         submit --check mine.csv"
)]
struct Args {
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    device: DeviceArgs,

    /// What answers: the folder of a run, an ensemble or a cross-validation, each by its best checkpoints, or a model
    /// file.
    #[arg(long, value_name = "PATH", default_value = "runs/train")]
    run: PathBuf,

    #[command(flatten)]
    tta: TtaArgs,

    /// The submission file. [default: submission.csv in the run folder or beside the model file]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Check this file and write nothing; ends with 1 if Kaggle would refuse it. Needs the competition's IdLookupTable.csv.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["run", "out"])]
    check: Option<PathBuf>,
}

fn main() -> ExitCode {
    finish(run(&Args::parse()))
}

fn run(args: &Args) -> anyhow::Result<()> {
    if let Some(file) = &args.check {
        let report = check(file, &args.data.open_real()?.competition()?.lookup()?)?;
        say(&report)?;
        if !report.is_ok() {
            bail!("{}: Kaggle would refuse this file", file.display());
        }
        return Ok(());
    }
    let device = args.device.open()?;
    let predictor = args.tta.of(open_predictor(Some(&args.run), &device)?);
    let data = args.data.open()?;
    let data = data.competition()?;
    let path = args.out.clone().unwrap_or_else(|| {
        let folder = if args.run.is_file() { args.run.parent() } else { Some(args.run.as_path()) };
        folder.unwrap_or_else(|| ".".as_ref()).join("submission.csv")
    });
    refuse_inputs(&path, data.files().into_iter().chain(run_files(&args.run)))?;
    let submitted = write_submission(&predictor, data, &path)?;
    say(submitted)?;
    say(format_args!("wrote {}", path.display()))?;
    Ok(())
}
