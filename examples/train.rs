//! Train a network; a killed run goes on where it stopped.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use keypoints_cli::{
    DataArgs, DeviceArgs, HoldOutArgs, TrainArgs, finish, relative_table, say, score_table,
    train_and_draw, write_run_report,
};
use keypoints_train::RunFolder;

/// Trains a network on training.csv, scores it on held-out faces and writes a run folder: config, metrics per
/// epoch, checkpoints, pictures. Called again with the same --out it goes on where it stopped.
#[derive(Parser)]
#[command(name = "train", after_help = "Example: train --epochs 40 --out runs/longer")]
struct Args {
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    device: DeviceArgs,
    #[command(flatten)]
    train: TrainArgs,
    #[command(flatten)]
    hold_out: HoldOutArgs,

    /// The run folder.
    #[arg(long, value_name = "DIR", default_value = "runs/train")]
    out: PathBuf,
}

fn main() -> ExitCode {
    finish(run(&Args::parse()))
}

fn run(args: &Args) -> anyhow::Result<()> {
    let config = args.train.config()?;
    let device = args.device.open()?;
    let dataset = args.data.open()?.to_train_on()?;
    let split = args.hold_out.split(&dataset, config.seed)?;
    let run = RunFolder::new(&args.out);
    let trained = train_and_draw(&dataset, split, config, &run, &device)?;
    write_run_report(&run)?;
    if let Some(report) = &trained.outcome.report {
        say(score_table(report))?;
    }
    if let Some(errors) = &trained.relative {
        say(relative_table(errors))?;
    }
    for one in &trained.outcome.models {
        let last = one.records.len();
        let epoch = one.selected_epoch.unwrap_or(last);
        say(format_args!("{}: epoch {epoch} of {last} answers", one.model))?;
    }
    say(format_args!("weights {}", trained.outcome.weights()))?;
    say(format_args!("run folder {}", run.path().display()))?;
    Ok(())
}
