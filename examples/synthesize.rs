//! Synthetic faces in the layout of the competition's files.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use keypoints_cli::{draw_data_pictures, finish, tell};
use keypoints_data::synth::{SynthConfig, generate, write_files};

/// Draws faces with exact keypoints and writes training.csv, test.csv, IdLookupTable.csv and
/// SampleSubmission.csv as Kaggle does, and solution.csv with the truth of every request.
#[derive(Parser)]
#[command(
    name = "synthesize",
    after_help = "Example: synthesize --training 7000 --out data/synthetic-7k"
)]
struct Args {
    /// Folder for the files.
    #[arg(long, value_name = "DIR", default_value = "data/synthetic")]
    out: PathBuf,

    /// Labelled faces.
    #[arg(long, value_name = "N", default_value_t = SynthConfig::default().training)]
    training: usize,

    /// Faces to predict.
    #[arg(long, value_name = "N", default_value_t = SynthConfig::default().test)]
    test: usize,

    /// Same seed, same faces.
    #[arg(long, default_value_t = SynthConfig::default().seed)]
    seed: u64,

    /// Replace files that are there already.
    #[arg(long)]
    force: bool,

    /// Draw gaps.png, faces.png and their SVG twins beside the files.
    #[arg(long)]
    pictures: bool,
}

fn main() -> ExitCode {
    finish(run(&Args::parse()))
}

fn run(args: &Args) -> anyhow::Result<()> {
    let Args { training, test, seed, .. } = *args;
    let faces = generate(&SynthConfig { training, test, seed, ..Default::default() });
    write_files(&faces, &args.out, args.force)?;
    tell(format_args!(
        "wrote {training} training faces and {test} test faces to {}",
        args.out.display()
    ));
    if args.pictures {
        for file in draw_data_pictures(&faces.training, &args.out)? {
            tell(format_args!("wrote {}", file.display()));
        }
    }
    Ok(())
}
