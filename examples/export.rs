//! Pack a trained run into one file.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use burn::tensor::Device;
use clap::Parser;
use keypoints_cli::{DeviceArgs, finish, run_files, say};
#[cfg(feature = "onnx")]
use keypoints_detect::{CascadeFinder, FinderOnnx};
use keypoints_files::{refuse_inputs, write};
use keypoints_predict::{Calibration, Predictor};
use keypoints_train::{Checkpoint, RunFolder, save_model};
use serde_json::json;

/// Packs the selected checkpoint of a run with one network into a model file: the weights in half precision and what the
/// network is, in the safetensors format. `predict --run`, `submit --run` and `keypoints_detect::Detector::open` take it.
///
/// The uncertainty of a run with held-out rows is calibrated: 68 % of points lie within it. For a network that was trained on all rows,
/// `--calibration` takes the calibration from a cross-validation of the same settings.
///
/// With --onnx it writes an ONNX file for programs in other languages instead: `pictures` in (0 to 255, batch × channels × side × side),
/// `points` out (batch × points × 2, in pixels of the crop), and their `uncertainty` if the network has heat maps.
#[derive(Parser)]
#[command(name = "export", after_help = EXAMPLES)]
struct Args {
    #[command(flatten)]
    device: DeviceArgs,

    /// The run folder whose selected checkpoint is packed, or a model file that becomes an ONNX file or gets another calibration.
    #[arg(long, value_name = "PATH", default_value = "runs/train")]
    run: PathBuf,

    /// Calibrate the uncertainty of points by what this cross-validation or run has measured on its held-out rows: the folder with a
    /// calibration.json, or the file itself. [default: the run's own]
    #[arg(long, value_name = "PATH")]
    calibration: Option<PathBuf>,

    /// The model file. [default: model.safetensors in the run folder]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Write this ONNX file instead of a model file. Needs a build with `--features onnx`.
    ///
    /// Points are where they are on the picture, in the order of the schema; test-time augmentation is part of the file. Names of points,
    /// schema, crop template and licence are in the file's metadata.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["about", "out"])]
    onnx: Option<PathBuf>,

    /// The licence of the weights, for the metadata of the ONNX file.
    #[arg(long, value_name = "TEXT", requires = "onnx")]
    license: Option<String>,

    /// Write the two networks of the face finder into this folder: proposer.onnx and verifier.onnx. Needs `--features onnx` too.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["about", "out", "onnx", "run", "calibration"])]
    finder_onnx: Option<PathBuf>,

    /// The face finder: a file that `train_finder` made. [default: the one that comes with the program]
    #[arg(long, value_name = "FILE", requires = "finder_onnx")]
    finder: Option<PathBuf>,

    /// Write nothing, but print what this model file says of its network (`model`: on how many rows it was trained, for example)
    /// and of its training (`run`), as JSON.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["run", "out", "calibration"])]
    about: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  export --run runs/train --out face.safetensors
  export --run runs/train --calibration runs/cv
  export --run runs/train --onnx face.onnx
  export --finder-onnx finder
  export --about face.safetensors";

fn main() -> ExitCode {
    finish(run(&Args::parse()))
}

fn run(args: &Args) -> anyhow::Result<()> {
    let device = args.device.open()?;
    if let Some(file) = &args.about {
        let predictor = Predictor::open_model(file, &device)?;
        let run = predictor.about().context("the file does not say what it was trained with")?;
        let about = json!({ "model": predictor.record(), "run": run });
        say(serde_json::to_string_pretty(&about)?)?;
        return Ok(());
    }
    if let Some(folder) = &args.finder_onnx {
        return export_finder(folder, args.finder.as_deref(), &device);
    }
    let mut predictor = open(&args.run, &device)?;
    let mut inputs = run_files(&args.run);
    if let Some(path) = &args.calibration {
        let file = if path.is_dir() { path.join("calibration.json") } else { path.clone() };
        let calibration = read_calibration(&file)?;
        if !calibration.fits(&predictor.record().schema) {
            let (file, run) = (file.display(), args.run.display());
            bail!(
                "{file}: a calibration for other label sources than those of {run}; take that of a cross-validation on the same data"
            );
        }
        predictor = predictor.with_calibration(Some(&calibration));
        inputs.push(file);
    }
    if let Some(file) = &args.onnx {
        refuse_inputs(file, inputs)?;
        write(file, &onnx_bytes(&predictor, args.license.as_deref())?)?;
        return say_size(file);
    }
    let path = match &args.out {
        Some(path) => path.clone(),
        None if args.run.is_file() => {
            bail!(
                "{} is a model file already: --onnx FILE or --out FILE says what to make of it",
                args.run.display()
            )
        }
        None => args.run.join("model.safetensors"),
    };
    refuse_inputs(&path, inputs)?;
    save_model(&predictor, &path)?;
    say_size(&path)
}

/// The network of a model file or of a run's selected checkpoint.
fn open(path: &Path, device: &Device) -> anyhow::Result<Predictor> {
    if path.is_file() {
        return Ok(Predictor::open_model(path, device)?);
    }
    Ok(RunFolder::new(path).predictor(Checkpoint::Best, device)?)
}

#[cfg(feature = "onnx")]
fn onnx_bytes(predictor: &Predictor, license: Option<&str>) -> anyhow::Result<Vec<u8>> {
    Ok(predictor.to_onnx_bytes(license)?)
}

#[cfg(feature = "onnx")]
fn export_finder(folder: &Path, file: Option<&Path>, device: &Device) -> anyhow::Result<()> {
    let finder = match file {
        Some(file) => CascadeFinder::open(file, device)?,
        None => CascadeFinder::pretrained(device)?,
    };
    let files = FinderOnnx::of(finder.networks())?;
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    for (name, bytes) in [("proposer.onnx", &files.proposer), ("verifier.onnx", &files.verifier)] {
        let path = folder.join(name);
        refuse_inputs(&path, file)?;
        write(&path, bytes)?;
        say_size(&path)?;
    }
    Ok(())
}

#[cfg(not(feature = "onnx"))]
fn onnx_bytes(_: &Predictor, _: Option<&str>) -> anyhow::Result<Vec<u8>> {
    anyhow::bail!(WITHOUT_ONNX)
}

#[cfg(not(feature = "onnx"))]
fn export_finder(_: &Path, _: Option<&Path>, _: &Device) -> anyhow::Result<()> {
    anyhow::bail!(WITHOUT_ONNX)
}

#[cfg(not(feature = "onnx"))]
const WITHOUT_ONNX: &str = "this program was built without ONNX: start it with \
    `cargo run --release --features onnx --example export`";

fn say_size(path: &Path) -> anyhow::Result<()> {
    let size = std::fs::metadata(path)?.len();
    say(format_args!("wrote {} ({:.2} MB)", path.display(), size as f64 / 1e6))?;
    Ok(())
}

fn read_calibration(file: &Path) -> anyhow::Result<Calibration> {
    let text = std::fs::read(file).with_context(|| {
        format!(
            "cannot read {}: `cv` writes it, and a run with held-out rows, of networks with heat maps",
            file.display()
        )
    })?;
    serde_json::from_slice(&text)
        .with_context(|| format!("{}: not a calibration file", file.display()))
}
