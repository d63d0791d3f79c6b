//! All strategies on the same folds, in one table.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use keypoints_cli::{
    CompareArgs, CompareProgress, DataArgs, DeviceArgs, draw_comparison, draw_rounds, finish, say,
    write_comparison_report,
};
use keypoints_train::RunFolder;
use keypoints_train::study::Study;

/// Trains strategies × networks × seeds on the same folds and writes one table (comparison.md, .csv, .json), pictures and
/// report.html. Called again with the same --out it goes on where it stopped; more strategies, networks, seeds or folds
/// may join.
#[derive(Parser)]
#[command(
    name = "compare",
    after_help = "Example: compare --strategies drop_incomplete,masked --image-budget 40000 --seeds 1,2"
)]
struct Args {
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    device: DeviceArgs,
    #[command(flatten)]
    compare: CompareArgs,

    /// The folder of the comparison.
    #[arg(long, value_name = "DIR", default_value = "runs/compare")]
    out: PathBuf,

    /// Train nothing: make table, pictures and report anew from what has been finished.
    #[arg(long)]
    summary: bool,
}

fn main() -> ExitCode {
    finish(run(&Args::parse()))
}

fn run(args: &Args) -> anyhow::Result<()> {
    let mut pictures = Vec::new();
    let summary = if args.summary {
        Study::summarise(&args.out)?
    } else {
        let device = args.device.open()?;
        let dataset = args.data.open()?.training()?;
        let config = args.compare.config(&dataset)?;
        let cells = config.cells()?;
        let mut progress = CompareProgress::new();
        let summary = Study::new(&dataset, config).run(&args.out, &device, &mut progress)?;
        progress.finish();
        for cell in cells {
            pictures.extend(draw_rounds(&RunFolder::new(args.out.join(cell.path())), &dataset)?);
        }
        summary
    };
    say(summary.to_markdown())?;
    pictures.extend(draw_comparison(&args.out, &summary)?);
    pictures.push(write_comparison_report(&args.out, &summary)?);
    for file in pictures {
        say(format_args!("wrote {}", file.display()))?;
    }
    Ok(())
}
