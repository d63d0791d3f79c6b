//! What augmentation does to a face and its keypoints.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use clap::builder::PossibleValuesParser;
use keypoints_cli::{AugmentedFaces, DataArgs, DeviceArgs, augmentation_steps, finish, say};

/// Draws a face of training.csv with its labels, as it is and after each augmentation step, into augment.png
/// and augment.svg.
#[derive(Parser)]
#[command(
    name = "augment",
    after_help = "Example: augment --row 12 --step elastic --step standard"
)]
struct Args {
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    device: DeviceArgs,

    /// Which face, counted from 1. [default: the first with all its labels]
    #[arg(long, value_name = "N")]
    row: Option<usize>,

    /// Which step; may be given several times. [default: all]
    #[arg(long = "step", value_name = "NAME", value_parser = steps())]
    steps: Vec<String>,

    /// Changed faces per step.
    #[arg(long, value_name = "N", default_value_t = 6)]
    versions: usize,

    /// The same seed changes the face the same way.
    #[arg(long, value_name = "N", default_value_t = 42)]
    seed: u64,

    /// The folder of the picture.
    #[arg(long, value_name = "DIR", default_value = "runs/augment")]
    out: PathBuf,
}

fn steps() -> PossibleValuesParser {
    PossibleValuesParser::new(augmentation_steps().into_iter().map(|(name, _)| name))
}

fn main() -> ExitCode {
    finish(run(&Args::parse()))
}

fn run(args: &Args) -> anyhow::Result<()> {
    let device = args.device.open()?;
    let faces = args.data.open()?.training()?;
    let row = match args.row {
        Some(row) => row.checked_sub(1).context("--row counts from 1")?,
        None => faces.complete_rows().first().copied().unwrap_or(0),
    };
    let mut steps = augmentation_steps();
    steps.retain(|(name, _)| args.steps.is_empty() || args.steps.iter().any(|one| one == name));
    let (versions, seed) = (args.versions, args.seed);
    let gallery = AugmentedFaces { faces: &faces, row, steps, versions, seed };
    for file in gallery.draw(&args.out, "augment", &device)? {
        say(format_args!("wrote {}", file.display()))?;
    }
    Ok(())
}
