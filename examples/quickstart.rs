//! The whole way in two minutes: data, training, scores, submission, pictures.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use keypoints_cli::{
    Data, DataArgs, DeviceArgs, draw_data_pictures, finish, quickstart_config, say, score_table,
    train_and_draw, write_run_report, write_submission,
};
use keypoints_core::hold_out;
use keypoints_train::RunFolder;

/// Finds the competition's files (or draws synthetic faces), trains a small network for a minute or two,
/// prints how well it does on held-out faces, and writes a submission and pictures.
#[derive(Parser)]
#[command(
    name = "quickstart",
    after_help = "Afterwards: open the pictures in runs/quickstart/pictures"
)]
struct Args {
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    device: DeviceArgs,

    /// Decides the held-out faces, the initial weights and the order of the rows.
    #[arg(long, default_value_t = 42)]
    seed: u64,

    /// Passes over the training faces [default: as many as make about 18,000 faces].
    #[arg(long, value_name = "N")]
    epochs: Option<usize>,

    /// The run folder.
    #[arg(long, value_name = "DIR", default_value = "runs/quickstart")]
    out: PathBuf,
}

fn main() -> ExitCode {
    finish(run(&Args::parse()))
}

fn run(args: &Args) -> anyhow::Result<()> {
    let device = args.device.open()?;
    let data = args.data.open()?;
    let dataset = data.to_train_on()?;
    if let Data::Competition(folder) = &data {
        // Read again for the submission; what is missing or wrong should be said before the training.
        folder.test_and_lookup()?;
    }
    let split = hold_out(&dataset, 0.2, args.seed)?;
    let run = RunFolder::new(&args.out);
    let config = quickstart_config(&dataset, args.epochs, args.seed);
    let trained = train_and_draw(&dataset, split, config, &run, &device)?;
    if let Some(report) = &trained.outcome.report {
        say(score_table(report))?;
    }

    let mut written = Vec::new();
    if let Data::Competition(folder) = &data {
        let path = run.path().join("submission.csv");
        say(write_submission(&trained.predictor, folder, &path)?)?;
        written.push(path);
    }
    let drawn = draw_data_pictures(&dataset, &run.pictures_path())?;
    let report = write_run_report(&run)?;
    for file in drawn.iter().chain(&trained.pictures).chain([&report]).chain(&written) {
        say(format_args!("wrote {}", file.display()))?;
    }
    Ok(())
}
