//! One set of settings on every fold.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use keypoints_cli::{
    DataArgs, DeviceArgs, StudyArgs, TrainArgs, draw_calibration, draw_held_out, finish, say,
    write_cv_report,
};
use keypoints_study::StudyConfig;
use keypoints_study::cv::{CvReport, checked_points, predictions, predictions_path};

/// Trains the same settings on every fold and writes the predictions for each row by networks that never saw its picture
/// (predictions.csv), scores per fold and over all of them (scores.md, scores.json), pictures, and report.html with all of it. Called
/// again with the same --out it goes on where it stopped.
#[derive(Parser)]
#[command(
    name = "cv",
    after_help = "Examples: cv --share 1/2 --out runs/cv\n          \
                  ensemble runs/cv --tta 10 --out runs/cv-10   (the same networks with more test-time augmentation)"
)]
struct Args {
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    device: DeviceArgs,
    #[command(flatten)]
    train: TrainArgs,
    #[command(flatten)]
    study: StudyArgs,

    /// The folder of the cross-validation.
    #[arg(long, value_name = "DIR", default_value = "runs/cv")]
    out: PathBuf,
}

fn main() -> ExitCode {
    finish(run(&Args::parse()))
}

fn run(args: &Args) -> anyhow::Result<()> {
    let study = || Ok(StudyConfig { base: args.train.config()?, ..StudyConfig::default() });
    let done = args.study.run(study, &args.data, &args.device, &args.out)?;
    let dataset = match done.dataset {
        Some(dataset) => dataset,
        None => args.data.open()?.training()?,
    };
    let report = CvReport::write(&done.folder, &dataset)?;
    say(report.to_markdown())?;
    if report.pooled.faces > 0 {
        let held_out = predictions(&done.folder, dataset.schema())?.rows.into_iter();
        let (rows, found): (Vec<_>, Vec<_>) = held_out.map(|one| (one.row, one.prediction)).unzip();
        let pictures = args.out.join("pictures");
        let mut files = draw_held_out(&pictures, &dataset, &rows, &found)?;
        files.extend(draw_calibration(&pictures, &checked_points(&done.folder, &dataset)?)?);
        for file in files {
            say(format_args!("wrote {}", file.display()))?;
        }
        say(format_args!("wrote {}", write_cv_report(&done.folder)?.display()))?;
        say(format_args!("wrote {}", predictions_path(&done.folder).display()))?;
    }
    Ok(())
}
