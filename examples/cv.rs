//! One set of settings on every fold.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use keypoints_cli::{
    CompareProgress, CvArgs, DataArgs, DeviceArgs, TrainArgs, draw_held_out, finish, say,
    write_cv_report,
};
use keypoints_train::cv::CvFolder;

/// Trains the same settings on every fold and writes what each row was predicted by networks that never saw its picture
/// (predictions.csv), scores per fold and over all of them (scores.md, scores.json), pictures, and report.html with all of it. Called again with
/// the same --out it goes on where it stopped.
#[derive(Parser)]
#[command(
    name = "cv",
    after_help = "Example: cv --only 1,2 --out runs/cv\n         ensemble runs/cv --looks 10 --out runs/cv-10   (the same networks, looking more often)"
)]
struct Args {
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    device: DeviceArgs,
    #[command(flatten)]
    train: TrainArgs,
    #[command(flatten)]
    cv: CvArgs,

    /// The folder of the cross-validation.
    #[arg(long, value_name = "DIR", default_value = "runs/cv")]
    out: PathBuf,

    /// Train nothing: score the finished folds anew.
    #[arg(long)]
    summary: bool,
}

fn main() -> ExitCode {
    finish(run(&Args::parse()))
}

fn run(args: &Args) -> anyhow::Result<()> {
    let dataset = args.data.open()?.training()?;
    let cv = args.cv.of(&dataset, args.train.config()?)?;
    let report = if args.summary {
        cv.summarise(&CvFolder::open(&args.out)?)?
    } else {
        let device = args.device.open()?;
        let mut progress = CompareProgress::new();
        let report = cv.run(&args.out, &device, &mut progress)?;
        progress.finish();
        report
    };
    say(report.to_markdown())?;
    if report.rows > 0 {
        let folder = CvFolder::open(&args.out)?;
        let (rows, predictions): (Vec<_>, Vec<_>) =
            folder.predictions()?.rows.into_iter().map(|one| (one.row, one.prediction)).unzip();
        for file in draw_held_out(&args.out.join("pictures"), &dataset, &rows, &predictions)? {
            say(format_args!("wrote {}", file.display()))?;
        }
        say(format_args!("wrote {}", write_cv_report(&args.out)?.display()))?;
        say(format_args!("wrote {}", folder.predictions_path().display()))?;
    }
    Ok(())
}
