//! Find the keypoints of test.csv or of your own pictures.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use keypoints_cli::{DataArgs, DeviceArgs, Predictions, TtaArgs, finish, open_predictor};

/// Finds keypoints with a trained network: of the pictures named (PNG or JPEG of any size, cropped to the face),
/// or of the faces in test.csv, as the competition's annotators mark them, if none is named. Writes them as CSV or
/// JSON, and overlay pictures.
#[derive(Parser)]
#[command(name = "predict", after_help = "Example: predict --overlays out me.jpg you.png")]
struct Args {
    /// Pictures of one face each; coordinates are in each picture's own pixels.
    #[arg(value_name = "PICTURE")]
    pictures: Vec<PathBuf>,

    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    device: DeviceArgs,

    /// What answers: the folder of a run, an ensemble or a cross-validation, each by its best checkpoints, or a model
    /// file. [default: the trained network that comes with the program]
    #[arg(long, value_name = "PATH")]
    run: Option<PathBuf>,

    #[command(flatten)]
    tta: TtaArgs,

    /// Also write an uncertainty per point, in crop pixels: the spread of the heat map or, for an ensemble, of its members.
    #[arg(long, alias = "spreads")]
    uncertainty: bool,

    /// How to write the keypoints.
    #[arg(long, value_enum, default_value = "csv")]
    format: Format,

    /// Where to write the keypoints. [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Draw each picture with its keypoints into this folder (of test.csv: the first 20 faces, as one grid).
    #[arg(long, value_name = "DIR")]
    overlays: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Csv,
    Json,
}

fn main() -> ExitCode {
    finish(run(&Args::parse()))
}

fn run(args: &Args) -> anyhow::Result<()> {
    let predictor = args.tta.of(open_predictor(args.run.as_deref(), &args.device.open()?)?);
    let predictions = if args.pictures.is_empty() {
        Predictions::of_test_set(&predictor, &args.data.open()?.competition()?.test()?)?
    } else {
        Predictions::of_pictures(&predictor, &args.pictures)?
    };
    let predictions = match args.uncertainty {
        true => predictions.with_uncertainty(&predictor)?,
        false => predictions,
    };
    let text = match args.format {
        Format::Csv => predictions.to_csv(),
        Format::Json => predictions.to_json()?,
    };
    predictions.write(&text, args.out.as_deref())?;
    if let Some(folder) = &args.overlays {
        for file in predictions.draw(folder)? {
            eprintln!("wrote {}", file.display());
        }
    }
    Ok(())
}
