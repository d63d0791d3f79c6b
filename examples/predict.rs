//! Find the keypoints of test.csv or of your own pictures.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use clap::builder::PossibleValuesParser;
use keypoints_cli::{
    Data, DataArgs, DeviceArgs, Predictions, TtaArgs, finish, open_predictor, relative_table,
    run_files, shown, tell,
};
use keypoints_data::annotations::FORMATS;
use keypoints_files::refuse_inputs;

/// Finds keypoints with a trained network: of the pictures named (of any size, cropped to the face) or, if none is named, of those in
/// --data: labelled pictures of your own, which are scored as well, or the faces in test.csv, as their label source marks
/// them. Writes them as CSV or JSON or for an annotation tool, and overlay pictures. A picture that cannot be opened is named on standard
/// error; the others are predicted, and the program ends with 1.
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
    ///
    /// csv and json have the points of every picture; the others are files for annotation tools and need --out.
    #[arg(long, value_name = "NAME", default_value = "csv", value_parser = PossibleValuesParser::new(formats()))]
    format: String,

    /// Where to write the keypoints: a file, which is none of those that are read, a pipe or a device. [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Draw each picture with its keypoints into this folder (of test.csv the first 20 faces, of labelled pictures the 20 with the
    /// largest errors, as one grid).
    #[arg(long, value_name = "DIR")]
    overlays: Option<PathBuf>,
}

fn formats() -> Vec<&'static str> {
    ["csv", "json"].into_iter().chain(FORMATS.iter().map(|one| one.name())).collect()
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        // What is wrong with each file has been said.
        Ok(unreadable) if unreadable > 0 => ExitCode::FAILURE,
        result => finish(result.map(|_| ())),
    }
}

/// Returns how many of the pictures could not be opened.
fn run(args: &Args) -> anyhow::Result<usize> {
    let predictor = args.tta.of(open_predictor(args.run.as_deref(), &args.device.open()?)?);
    let read = args.run.as_deref().map(run_files).into_iter().flatten();
    let mut read: Vec<PathBuf> = read.chain(args.pictures.iter().cloned()).collect();
    let data = if args.pictures.is_empty() { Some(args.data.open()?) } else { None };
    read.extend(data.iter().flat_map(Data::files));
    if let Some(out) = &args.out {
        refuse_inputs(out, read)?;
    }
    let predictions = match data {
        None => Predictions::of_pictures(&predictor, &args.pictures, args.uncertainty)?,
        Some(Data::Competition(folder)) => Predictions::of_test_set(&predictor, &folder.test()?)?,
        Some(Data::Own(pictures)) => Predictions::of_own(&predictor, &pictures)?,
    };
    if predictions.unreadable() > 0 && predictions.is_empty() {
        return Ok(predictions.unreadable());
    }
    if let Some(errors) = predictions.relative_errors() {
        tell(format_args!("{}", relative_table(&errors)));
    }
    let predictions = match args.uncertainty {
        true => predictions.with_uncertainty(&predictor)?,
        false => predictions,
    };
    predictions.write(&args.format, args.out.as_deref())?;
    if let Some(folder) = &args.overlays {
        for file in predictions.draw(folder)? {
            tell(format_args!("wrote {}", shown(&file)));
        }
    }
    Ok(predictions.unreadable())
}
