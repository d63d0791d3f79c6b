//! Pack a trained run into one file.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use keypoints_cli::{DeviceArgs, finish, run_files, say};
use keypoints_files::refuse_inputs;
use keypoints_predict::Predictor;
use keypoints_train::{Checkpoint, RunFolder, save_model};
use serde_json::json;

/// Packs the selected checkpoint of a run with one network into a model file: the weights in half precision and what the
/// network is, in the safetensors format. `predict --run`, `submit --run` and `keypoints_detect::Detector::open` take it.
#[derive(Parser)]
#[command(
    name = "export",
    after_help = "Example: export --run runs/train --out face.safetensors\n         export --about face.safetensors"
)]
struct Args {
    #[command(flatten)]
    device: DeviceArgs,

    /// The run folder whose selected checkpoint is packed.
    #[arg(long, value_name = "DIR", default_value = "runs/train")]
    run: PathBuf,

    /// The model file. [default: model.safetensors in the run folder]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Write nothing, but print what this model file says of its network (`model`: on how many rows it was trained, for example)
    /// and of its training (`run`), as JSON.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["run", "out"])]
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
    let predictor = RunFolder::new(&args.run).predictor(Checkpoint::Best, &device)?;
    let path = args.out.clone().unwrap_or_else(|| args.run.join("model.safetensors"));
    refuse_inputs(&path, run_files(&args.run))?;
    save_model(&predictor, &path)?;
    let size = std::fs::metadata(&path)?.len();
    say(format_args!("wrote {} ({:.2} MB)", path.display(), size as f64 / 1e6))?;
    Ok(())
}
