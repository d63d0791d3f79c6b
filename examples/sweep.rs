//! Search for good settings: many runs, one table.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, ensure};
use clap::Parser;
use keypoints_cli::{
    DataArgs, DeviceArgs, StudyArgs, draw_study, finish, say, weights_file, write_study_report,
};
use keypoints_study::StudyConfig;
use keypoints_train::settings::describe;

/// Trains once per trial of a study file, each on the same faces and scored on the same others, and writes one table with the best
/// trial first (summary.md, .csv, .json), a picture and report.html. Called again with the same --out it skips what is done and goes
/// on inside the trial where it stopped. A trial that diverges is noted as failed.
#[derive(Parser)]
#[command(name = "sweep", after_help = HELP)]
struct Args {
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    device: DeviceArgs,

    /// The study file, with `grid` or `samples`.
    #[arg(long, value_name = "FILE", alias = "file", required_unless_present = "summary")]
    study: Option<PathBuf>,

    /// Weights that the trials start from: a file, or `imagenet`, as for `train`.
    #[arg(long, value_name = "FILE")]
    weights: Option<PathBuf>,

    #[command(flatten)]
    flags: StudyArgs,

    /// The folder of the sweep.
    #[arg(long, value_name = "DIR", default_value = "runs/sweep")]
    out: PathBuf,
}

const HELP: &str = r#"A study file:
  {
    "base": { "preset": "fast", "epochs": 8 },
    "samples": {
      "method": "tpe", "trials": 20, "startup": 8, "seed": 1,
      "parameters": {
        "learning_rate": { "log_uniform": [1e-4, 1e-2] },
        "optimizer.beta_1": { "uniform": [0.5, 0.95] },
        "batch_size": { "integer": [8, 64] },
        "schedule.kind": { "values": ["cosine", "constant"] }
      }
    },
    "validation": 0.2, "split_seed": 1
  }

base        a training config as in run.json; what is left out has its default
samples     what is drawn: "random" for independent draws, "tpe" to learn from trials after `startup` random
            ones. Each parameter is a dotted path into the config with the values to try: "values" is a list,
            "uniform" any number of a range, "log_uniform" the same by orders of magnitude, "integer" any whole
            number of a range
grid        instead of samples: paths with "values" or "integer", every combination of them, the last name
            changing fastest
validation  share of the faces held out; or "folds" and "folds_run", as in a comparison
split_seed  decides the held-out faces; the training's own seed is base.seed, or several in "seeds"

Examples: sweep --study examples/sweeps/learning_rate_beta1.json --out runs/grid
          sweep --study examples/sweeps/tpe.json --out runs/tpe --share 1/2
          sweep --out runs/grid --summary"#;

fn main() -> ExitCode {
    finish(run(&Args::parse()))
}

fn run(args: &Args) -> anyhow::Result<()> {
    let study = || {
        let path = args.study.as_ref().context("--study: no file is given")?;
        let mut study = StudyConfig::read(path)?;
        ensure!(
            study.is_search(),
            "{}: `grid` and `samples` are missing; run this study with `compare --study`",
            path.display()
        );
        if let Some(weights) = &args.weights {
            study.base.initial_weights = Some(weights_file(weights)?);
        }
        Ok(study)
    };
    let done = args.flags.run(study, &args.data, &args.device, &args.out)?;
    say(done.summary.to_markdown())?;
    let mut files = draw_study(&args.out, &done.summary)?;
    files.push(write_study_report(&done.folder, &done.summary)?);
    for file in files {
        say(format_args!("wrote {}", file.display()))?;
    }
    if let Some(best) = done.summary.best() {
        let score = best.score().unwrap_or_default();
        say(format_args!("best: trial {}, {score:.4} px, {}", best.name, describe(&best.set)))?;
    }
    Ok(())
}
