//! Synthetic faces in the layout of the competition's files.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use image::codecs::jpeg::JpegEncoder;
use keypoints_cli::{draw_data_pictures, finish, tell};
use keypoints_data::synth::{GroupPhoto, SynthConfig, generate, group_photo, write_files};

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

    /// Draw so many pictures of several faces as well, group_1.jpg and so on, in the folder `photos`: to try `predict` and `track` on.
    #[arg(long, value_name = "N", default_value_t = 0)]
    photos: usize,

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
    for index in 0..args.photos {
        let photo = group_photo(seed.wrapping_add(index as u64), 640, 480, 1 + index % 8);
        let path = args.out.join("photos").join(format!("group_{}.jpg", index + 1));
        write_group_photo(photo, &path)?;
        tell(format_args!("wrote {}", path.display()));
    }
    if args.pictures {
        for file in draw_data_pictures(&faces.training, &args.out)? {
            tell(format_args!("wrote {}", file.display()));
        }
    }
    Ok(())
}

/// Writes a drawn picture as JPEG.
fn write_group_photo(photo: GroupPhoto, path: &Path) -> anyhow::Result<()> {
    let (width, height) = (photo.width as u32, (photo.pixels.len() / photo.width) as u32);
    let picture = image::GrayImage::from_raw(width, height, photo.pixels).context("no pixels")?;
    let mut bytes = Vec::new();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 90))?;
    let folder = path.parent().unwrap_or(path);
    std::fs::create_dir_all(folder)
        .with_context(|| format!("{}: cannot create the folder", folder.display()))?;
    keypoints_files::write(path, &bytes)
        .with_context(|| format!("{}: cannot write", path.display()))
}
