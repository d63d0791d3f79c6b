//! Strategies, or changes to one recipe, on the same folds: one table.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use keypoints_cli::{
    CompareArgs, DataArgs, DeviceArgs, StudyArgs, draw_rounds, draw_study, finish, say,
    write_study_report,
};

/// Trains strategies × networks, or the changes of a study file, on the same folds and seeds, and writes one table (summary.md,
/// .csv, .json) with the difference to the reference and its standard error, pictures and report.html. Called again with the same
/// --out it goes on where it stopped; more changes, seeds or folds may join.
#[derive(Parser)]
#[command(
    name = "compare",
    after_help = "Examples: compare --strategies drop_incomplete,masked --image-budget 40000 --seeds 1,2\n          \
                  compare --study examples/configs/fast_ideas.json --share 1/2"
)]
struct Args {
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    device: DeviceArgs,
    #[command(flatten)]
    compare: CompareArgs,
    #[command(flatten)]
    study: StudyArgs,

    /// The folder of the comparison.
    #[arg(long, value_name = "DIR", default_value = "runs/compare")]
    out: PathBuf,
}

fn main() -> ExitCode {
    finish(run(&Args::parse()))
}

fn run(args: &Args) -> anyhow::Result<()> {
    let done = args.study.run(|| args.compare.config(), &args.data, &args.device, &args.out)?;
    say(done.summary.to_markdown())?;
    let mut files = Vec::new();
    if let Some(dataset) = &done.dataset {
        for run in done.folder.finished()? {
            files.extend(draw_rounds(&run, dataset)?);
        }
    }
    files.extend(draw_study(&args.out, &done.summary)?);
    files.push(write_study_report(&done.folder, &done.summary)?);
    for file in files {
        say(format_args!("wrote {}", file.display()))?;
    }
    Ok(())
}
