//! Search for good settings: many runs, one table.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use keypoints_cli::{
    DataArgs, DeviceArgs, SweepProgress, draw_sweep, finish, say, sweep_table, weights_file,
};
use keypoints_train::sweep::{Shard, Sweep, SweepFile, SweepFolder, SweepResults, TrainTrials};

/// Trains once per trial of a sweep file, each on the same faces and scored on the same others, and writes a sweep
/// folder: a run folder per trial, and results.csv, results.md and results.json with the best trial first. Called
/// again with the same --out it skips what is done and goes on inside the trial where it stopped. A trial that
/// diverges is noted as failed.
#[derive(Parser)]
#[command(name = "sweep", after_help = HELP)]
struct Args {
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    device: DeviceArgs,

    /// The sweep file.
    #[arg(long, value_name = "FILE", required_unless_present = "summary")]
    file: Option<PathBuf>,

    /// Weights that the trials start from: a .safetensors or .pth file, or `imagenet`, as for `train`.
    #[arg(long, value_name = "FILE", conflicts_with = "summary")]
    weights: Option<PathBuf>,

    /// The sweep folder.
    #[arg(long, value_name = "DIR", default_value = "runs/sweep")]
    out: PathBuf,

    /// Run the trials of one of several processes: 2/4 runs the trials 2, 6, 10, …
    ///
    /// The processes may share the folder, also over a network. A tpe search then chooses in view of the trials that
    /// have ended when it asks.
    #[arg(long, value_name = "I/N", default_value_t)]
    shard: Shard,

    /// Train nothing; write the tables anew from the trials that the folder has, and print them.
    #[arg(long, conflicts_with_all = ["file", "shard"])]
    summary: bool,
}

const HELP: &str = r#"A sweep file:
  {
    "base": { "epochs": 8, "batch_size": 16 },
    "parameters": {
      "learning_rate": { "log_uniform": [1e-4, 1e-2] },
      "optimizer.beta_1": { "uniform": [0.5, 0.95] },
      "network.hidden": { "integer": [64, 512] },
      "schedule.rise": { "values": [0.1, 0.3] }
    },
    "search": { "method": "tpe", "trials": 20, "startup": 8 },
    "seed": 1,
    "validation": 0.2
  }

base        a training config as in run.json; what is left out has its default
parameters  dotted path into that config, and what to try: "values" is a list, "uniform" any
            number of a range, "log_uniform" the same by orders of magnitude, "integer" any
            whole number of a range
search      {"method": "grid"} for every combination, the last name changing fastest;
            {"method": "random", "trials": N} for independent draws;
            {"method": "tpe", "trials": N, "startup": M} to learn from trials after M random ones
seed        decides the held-out faces and the draws; the training's own seed is base.seed
validation  share of the faces held out

Examples: sweep --file examples/sweeps/learning_rate_beta1.json --out runs/grid
          sweep --file examples/sweeps/tpe.json --out runs/tpe --shard 1/2
          sweep --out runs/grid --summary"#;

fn main() -> ExitCode {
    finish(run(&Args::parse()))
}

fn run(args: &Args) -> anyhow::Result<()> {
    let folder = SweepFolder::new(&args.out);
    let results = match &args.file {
        Some(path) => sweep(args, SweepFile::read(path)?, &folder)?,
        None => folder.summarise()?,
    };
    say(sweep_table(&results))?;
    say(results.status())?;
    for picture in draw_sweep(folder.path(), &results)? {
        say(format_args!("wrote {}", picture.display()))?;
    }
    if let Some(best) = results.best() {
        let score = best.score.unwrap_or_default();
        say(format_args!("best: trial {}, {score:.4} px, {}", best.number, best.describe()))?;
        say(format_args!("its run folder: {}", folder.trial(best.number).path().display()))?;
    }
    Ok(())
}

fn sweep(args: &Args, mut file: SweepFile, folder: &SweepFolder) -> anyhow::Result<SweepResults> {
    if let Some(weights) = &args.weights {
        file.base.initial_weights = Some(weights_file(weights)?);
    }
    let device = args.device.open()?;
    let dataset = args.data.open()?.training()?;
    let mut trials = TrainTrials::new(&dataset, &file, &device)?;
    let sweep = Sweep::new(file, &dataset)?;
    let results = sweep.run(folder, args.shard, &mut trials, &mut SweepProgress::new());
    results.with_context(|| format!("sweep folder {}", folder.path().display()))
}
