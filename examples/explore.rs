//! What is in the data: counts, ranges, gaps, duplicates.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use keypoints_cli::{DataArgs, draw_data_pictures, finish, say, tell};
use keypoints_data::DataReport;

/// Prints what training.csv holds: rows, labels per coordinate, gaps per row, label sources, pictures that
/// occur more than once, labels that look filled in, swapped or scaled. Draws the gaps and some faces with --out.
#[derive(Parser)]
#[command(name = "explore", after_help = "Example: explore --data data --json | jq .gaps_per_row")]
struct Args {
    #[command(flatten)]
    data: DataArgs,

    /// Print JSON instead of a table.
    #[arg(long)]
    json: bool,

    /// Draw gaps.png, faces.png and their SVG twins into this folder.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

fn main() -> ExitCode {
    finish(run(&Args::parse()))
}

fn run(args: &Args) -> anyhow::Result<()> {
    let data = args.data.open()?;
    let (dataset, of_photos) = data.training_and_photo_warnings()?;
    let mut report = DataReport::new(&dataset);
    report.warnings.extend(of_photos);
    if args.json {
        say(serde_json::to_string_pretty(&report)?)?;
    } else {
        say(&report)?;
    }
    if let Some(folder) = &args.out {
        for file in draw_data_pictures(&dataset, folder)? {
            tell(format_args!("wrote {}", file.display()));
        }
    }
    Ok(())
}
