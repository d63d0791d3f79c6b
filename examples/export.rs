//! Pack a trained run into one file.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Parser;
use keypoints_cli::{DeviceArgs, finish, run_files, say};
use keypoints_files::refuse_inputs;
use keypoints_predict::{Calibration, Predictor};
use keypoints_train::{Checkpoint, RunFolder, save_model};
use serde_json::json;

/// Packs the selected checkpoint of a run with one network into a model file: the weights in half precision and what the
/// network is, in the safetensors format. `predict --run`, `submit --run` and `keypoints_detect::Detector::open` take it.
///
/// A run that has held out rows knows how far its predictions lie from labels, and its uncertainty is calibrated: 68 % of points lie
/// within it. For a network that was trained on all rows, `--calibration` takes that knowledge from a cross-validation of the same
/// settings.
#[derive(Parser)]
#[command(
    name = "export",
    after_help = "Examples: export --run runs/train --out face.safetensors\n          \
                  export --run runs/train --calibration runs/cv\n          \
                  export --about face.safetensors"
)]
struct Args {
    #[command(flatten)]
    device: DeviceArgs,

    /// The run folder whose selected checkpoint is packed, or a model file that gets another calibration.
    #[arg(long, value_name = "PATH", default_value = "runs/train")]
    run: PathBuf,

    /// Calibrate the uncertainty of points by what this cross-validation or run has measured on its held-out rows: the folder with a
    /// calibration.json, or the file itself. [default: the run's own]
    #[arg(long, value_name = "PATH")]
    calibration: Option<PathBuf>,

    /// The model file. [default: model.safetensors in the run folder]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Write nothing, but print what this model file says of its network (`model`: on how many rows it was trained, for example)
    /// and of its training (`run`), as JSON.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["run", "out", "calibration"])]
    about: Option<PathBuf>,
}

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
    let mut predictor = match args.run.is_file() {
        true => Predictor::open_model(&args.run, &device)?,
        false => RunFolder::new(&args.run).predictor(Checkpoint::Best, &device)?,
    };
    let path = match &args.out {
        Some(path) => path.clone(),
        None if args.run.is_file() => {
            bail!("--out FILE says where the model file is to be written")
        }
        None => args.run.join("model.safetensors"),
    };
    let mut inputs = run_files(&args.run);
    if let Some(calibration) = &args.calibration {
        let file = match calibration.is_dir() {
            true => calibration.join("calibration.json"),
            false => calibration.clone(),
        };
        let read = read_calibration(&file)?;
        if !read.fits(&predictor.record().schema) {
            let (file, run) = (file.display(), args.run.display());
            bail!("{file} was measured on rows of other label sources than those of {run}");
        }
        predictor = predictor.with_calibration(Some(&read));
        inputs.push(file);
    }
    refuse_inputs(&path, inputs)?;
    save_model(&predictor, &path)?;
    let size = std::fs::metadata(&path)?.len();
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
    serde_json::from_slice(&text).with_context(|| format!("{} is no calibration", file.display()))
}
