//! Pictures without a face.

use std::path::Path;

use anyhow::bail;
use keypoints_data::synth::scenery;
use keypoints_finder::planes::{Octaves, Plane};
use keypoints_finder::search::SHORTEST;
use keypoints_image::{Picture, shown};

use crate::exit::tell;
use crate::photos::find_pictures;
use crate::progress::count_bar;

/// Width and height of drawn pictures.
const DRAWN: [usize; 2] = [320, 240];

/// Opens the pictures of a folder and of all folders in it, in the order of their names, in grey. Files that cannot be opened are named on
/// standard error and left out.
///
/// # Errors
/// If the folder cannot be read or holds no picture.
pub fn negatives(folder: &Path) -> anyhow::Result<Vec<Octaves>> {
    let files = find_pictures(&[folder.to_owned()], None)?.files;
    let bar = count_bar(files.len(), "pictures without faces");
    let mut opened = Vec::new();
    for file in &files {
        match Picture::open(file) {
            Ok(picture) => opened.push(Octaves::new(Plane::of_picture(&picture, 1), SHORTEST)),
            Err(error) => tell(format_args!("warning: left out: {error}")),
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    if opened.is_empty() {
        bail!("{}: no picture without faces in this folder", shown(folder));
    }
    Ok(opened)
}

/// Draws so many pictures without a face.
pub fn drawn_negatives(count: usize, seed: u64) -> Vec<Octaves> {
    let [width, height] = DRAWN;
    let draw = |index: usize| {
        let pixels = scenery(seed.wrapping_add(index as u64), width, height);
        Plane::new(width, &pixels).map(|plane| Octaves::new(plane, SHORTEST))
    };
    (0..count).filter_map(draw).collect()
}
