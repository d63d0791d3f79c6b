//! Train a face finder: pictures of faces against pictures without any.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use keypoints_cli::{
    DataArgs, DeviceArgs, FinderTrainingProgress, drawn_negatives, finish, negatives,
    parse_positive, say, tell,
};
use keypoints_train::finder::{Face, FinderConfig, FinderTraining};

/// Trains the two networks of the face finder on pictures of faces (--data, labelled with points; colours are not used) and pictures
/// without any face (--negatives). The finder that comes with this project was made by this program. Go on with a stopped training by the
/// same command.
#[derive(Parser)]
#[command(
    name = "train_finder",
    after_help = "Example: train_finder --negatives photos/without-faces --out runs/finder"
)]
struct Args {
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    device: DeviceArgs,

    /// Folder with pictures without any face, those in folders below it included. [default: drawn ones alone]
    #[arg(long, value_name = "DIR")]
    negatives: Option<PathBuf>,

    /// How many pictures without a face to draw and add to them.
    #[arg(long, value_name = "N", default_value_t = 200)]
    drawn: usize,

    /// Folder of the training. The face finder is its finder.safetensors.
    #[arg(long, value_name = "DIR", default_value = "runs/finder")]
    out: PathBuf,

    /// Same seed, same windows.
    #[arg(long, default_value_t = FinderConfig::default().seed)]
    seed: u64,

    /// Train this share of the usual steps: 0.1 for a first try.
    #[arg(long, value_name = "SHARE", default_value = "1", value_parser = parse_positive)]
    steps: f64,
}

fn main() -> ExitCode {
    finish(run(&Args::parse()))
}

fn run(args: &Args) -> anyhow::Result<()> {
    let device = args.device.open()?;
    let faces = Face::of_dataset(&args.data.open()?.training()?);
    let mut without = match &args.negatives {
        Some(folder) => negatives(folder)?,
        None => Vec::new(),
    };
    without.extend(drawn_negatives(args.drawn, args.seed));
    tell(format_args!("{} faces, {} pictures without", faces.len(), without.len()));
    let mut config = FinderConfig { seed: args.seed, ..Default::default() };
    for rounds in [&mut config.proposer, &mut config.verifier] {
        rounds.steps = ((rounds.steps as f64 * args.steps) as usize).max(1);
    }
    let mut progress = FinderTrainingProgress::new(config.clone(), without.len());
    let training = FinderTraining { config, faces: &faces, negatives: &without };
    training.run(&args.out, &device, &mut |step| progress.show(step))?;
    say(args.out.join("finder.safetensors").display())?;
    Ok(())
}
