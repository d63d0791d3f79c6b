//! Average the predictions of several runs.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use keypoints_cli::{
    DataArgs, DeviceArgs, EnsembleArgs, count_bar, draw_held_out, finish, say, tell,
    tell_of_missing_folds, write_ensemble_report,
};
use keypoints_study::ensemble::build;
use keypoints_train::HeldOutPredictions;

/// Puts runs and cross-validations together into the folder of an ensemble, which `predict` and `submit` take like that
/// of a run, and prints and draws how good it is on faces that none of its members was trained on, beside the members.
#[derive(Parser)]
#[command(
    name = "ensemble",
    after_help = "Example: ensemble runs/cv-a runs/cv-b --copy --out runs/ensemble"
)]
struct Args {
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    device: DeviceArgs,
    #[command(flatten)]
    ensemble: EnsembleArgs,

    /// The folder of the ensemble.
    #[arg(long, value_name = "DIR", default_value = "runs/ensemble")]
    out: PathBuf,
}

/// Held-out faces from which on their score is worth a look.
const FEW: usize = 500;

fn main() -> ExitCode {
    finish(run(&Args::parse()))
}

fn run(args: &Args) -> anyhow::Result<()> {
    let device = args.device.open()?;
    let dataset = args.data.open()?.training()?;
    let config = args.ensemble.config(&dataset)?;
    for folder in &config.members {
        tell_of_missing_folds(folder)?;
    }
    let bar = count_bar(0, "faces");
    let report = build(&config, &args.out, &dataset, &device, &mut |done, of| {
        bar.set_length(of as u64);
        bar.set_position(done as u64);
    })?;
    bar.finish_and_clear();
    say(report.to_markdown())?;
    if report.rows < FEW {
        tell(format_args!(
            "note: only {} rows were held out by every member, which says little; give runs the same --split-seed, or \
             cross-validations",
            report.rows
        ));
    }
    let held_out = HeldOutPredictions::read(dataset.schema(), &args.out.join("predictions.csv"))?;
    let (rows, predictions): (Vec<_>, Vec<_>) =
        held_out.rows.into_iter().map(|one| (one.row, one.prediction)).unzip();
    for file in draw_held_out(&args.out.join("pictures"), &dataset, &rows, &predictions)? {
        say(format_args!("wrote {}", file.display()))?;
    }
    say(format_args!("wrote {}", write_ensemble_report(&args.out)?.display()))?;
    say(format_args!("wrote {}", args.out.join("ensemble.json").display()))?;
    Ok(())
}
