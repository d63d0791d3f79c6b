//! Find the keypoints of photos, of face crops or of test.csv.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use clap::builder::PossibleValuesParser;
use keypoints_cli::{
    Data, DataArgs, DeviceArgs, PhotoDetector, PhotoOptions, PictureFiles, Predictions, TtaArgs,
    find_pictures, finish, open_finder, open_predictor, parse_score, predict_photos,
    relative_table, run_files, shown, tell,
};
use keypoints_data::annotations::FORMATS;
use keypoints_files::refuse_inputs;
use keypoints_study::AnyPredictor;

/// Finds keypoints with a trained network: on photos, of all faces that are found on them; with --crop, on pictures of one face each; or,
/// if no picture is named, in --data: labelled pictures of your own, which are scored as well, or the faces in test.csv, as their label
/// source marks them. Writes the keypoints as CSV or JSON or for an annotation tool, and overlay pictures.
///
/// A picture that cannot be opened is named on standard error; the others are predicted, and the program ends with 1.
#[derive(Parser)]
#[command(name = "predict", after_help = EXAMPLES)]
struct Args {
    /// Photos: files, folders with all that is below them, or patterns such as 'trip/**/*.jpg'.
    ///
    /// Of a folder, files called like pictures are taken (.jpg, .jpeg, .jpe, .jfif, .png, .webp, .bmp, .gif), sorted by name and without
    /// hidden ones. Coordinates are in pixels of each photo; 0 is the centre of its first pixel. Only a few photos are in
    /// memory at a time.
    #[arg(value_name = "PICTURE")]
    pictures: Vec<PathBuf>,

    /// Take each picture as one face crop, roughly from above the eyebrows to below the chin, and look for no faces.
    #[arg(long, requires = "pictures")]
    crop: bool,

    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    device: DeviceArgs,

    /// Network that finds the keypoints: the folder of a run, an ensemble or a cross-validation, each by its best checkpoints, or a
    /// model file. [default: the trained network that comes with the program]
    #[arg(long, value_name = "PATH")]
    run: Option<PathBuf>,

    #[command(flatten)]
    tta: TtaArgs,

    /// Face finder: a file that `train_finder` made, or YuNet's ONNX file. [default: the one that comes with the program]
    #[arg(long, value_name = "FILE", requires = "pictures", conflicts_with = "crop")]
    finder: Option<PathBuf>,

    /// Score from which a place is a face, from 0 to 1: less finds more faces, and more of what is none [default: 0.5; of YuNet 0.8].
    #[arg(long, value_name = "SCORE", requires = "pictures", conflicts_with = "crop", value_parser = parse_score)]
    min_score: Option<f32>,

    /// Also write an uncertainty per point: 68 % of points lie within it, and 95 % within twice it. In pixels of the photo, or of the
    /// network's crop where crops are predicted.
    ///
    /// That holds for faces like those that the network was tested on. For a model file without calibration it is the spread of
    /// the point's heat map, for an ensemble the spread of its members.
    ///
    /// JSON of photos always has the uncertainties that the network knows.
    #[arg(long, alias = "spreads")]
    uncertainty: bool,

    /// How to write the keypoints.
    ///
    /// csv has a row per face: the picture, the number of the face on it, its box and score, then the points; a photo without faces has no
    /// row. json has an object per photo, with the list of its faces. The others are files for annotation tools and need --out; pts
    /// has one face per picture and so needs --crop.
    #[arg(long, value_name = "NAME", default_value = "csv", value_parser = PossibleValuesParser::new(formats()))]
    format: String,

    /// Where to write the keypoints: a file, which is none of those that are read, a pipe or a device. [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Draw each picture with its keypoints into this folder; photos with box and score of each face and in their own size, as JPEG if
    /// that is what the photo's name says, else as PNG. Of test.csv the first 20 faces, of labelled pictures the 20 with the largest
    /// errors, as one grid.
    #[arg(long, value_name = "DIR")]
    overlays: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  predict me.jpg                                    the faces of a photo, as CSV
  predict trip --format json --out faces.json       all photos of a folder
  predict trip 'more/*.png' --overlays out          draw boxes, points and scores
  predict --crop --overlays out face.png            a picture of one face
  predict --run runs/first --data data              the faces of test.csv";

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
    let pictures = find_pictures(&args.pictures, args.overlays.as_deref())?;
    let data = if args.pictures.is_empty() { Some(args.data.open()?) } else { None };
    // The overlays of photos have names that keep clear of them.
    let gallery = args.overlays.as_ref().filter(|_| matches!(data, Some(Data::Own(_))));
    let outputs = args.out.iter().cloned().chain(gallery.map(|folder| folder.join("worst.png")));
    let outputs: Vec<PathBuf> = outputs.collect();
    if !outputs.is_empty() {
        let read = args.run.as_deref().map(run_files).into_iter().flatten();
        let read = read.chain(data.iter().flat_map(Data::files)).chain(args.finder.clone());
        let read: Vec<PathBuf> = read.chain(pictures.files.iter().cloned()).collect();
        outputs.iter().try_for_each(|output| refuse_inputs(output, &read))?;
    }
    let device = args.device.open()?;
    let predictor = args.tta.of(open_predictor(args.run.as_deref(), &device)?);
    match data {
        None if !args.crop => {
            let finder = open_finder(args.finder.as_deref(), args.min_score, &device)?;
            photos(args, PhotoDetector::from(predictor).with_finder(finder), pictures)
        }
        data => crops(args, &predictor, data, pictures),
    }
}

/// Finds the faces of photos.
fn photos(args: &Args, detector: PhotoDetector, found: PictureFiles) -> anyhow::Result<usize> {
    let options = PhotoOptions {
        format: args.format.clone(),
        out: args.out.clone(),
        overlays: args.overlays.clone(),
        uncertainty: args.uncertainty,
    };
    let mut counts = predict_photos(&detector, &found.files, &options)?;
    counts.unreadable += found.missing;
    tell(counts);
    Ok(counts.unreadable)
}

/// Predicts face crops: picture files, or those of the data.
fn crops(
    args: &Args,
    predictor: &AnyPredictor,
    data: Option<Data>,
    found: PictureFiles,
) -> anyhow::Result<usize> {
    let predictions = match data {
        None => Predictions::of_pictures(predictor, &found.files, args.uncertainty)?,
        Some(Data::Competition(folder)) => Predictions::of_test_set(predictor, &folder.test()?)?,
        Some(Data::Own(pictures)) => Predictions::of_own(predictor, &pictures)?,
    };
    let unreadable = predictions.unreadable() + found.missing;
    if unreadable > 0 && predictions.is_empty() {
        return Ok(unreadable);
    }
    if let Some(errors) = predictions.relative_errors() {
        tell(format_args!("{}", relative_table(&errors)));
    }
    let predictions = match args.uncertainty {
        true => predictions.with_uncertainty(predictor)?,
        false => predictions,
    };
    predictions.write(&args.format, args.out.as_deref())?;
    if let Some(folder) = &args.overlays {
        for file in predictions.draw(folder)? {
            tell(format_args!("wrote {}", shown(&file)));
        }
    }
    Ok(unreadable)
}
