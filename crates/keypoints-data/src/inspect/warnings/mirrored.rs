//! Pictures that were mirrored without their labels, as by hand-made augmentation.

use std::collections::HashMap;

use keypoints_core::{Dataset, Keypoint, Labels, PictureShape};
use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use super::{LabelFault, LabelWarning};

/// Rows whose picture is that of another row mirrored, while the labels fit better without.
pub(super) fn warning(dataset: &Dataset) -> Option<LabelWarning> {
    let (pictures, schema) = (dataset.pictures(), dataset.schema());
    let shape = pictures.shape();
    let rows: Vec<usize> = (0..dataset.len()).collect();
    let hashes: Vec<(u64, u64)> = rows
        .par_iter()
        .map(|&row| {
            let picture = pictures.get(row);
            (xxh3_64(picture), xxh3_64(&mirrored(picture, shape)))
        })
        .collect();
    let mut first: HashMap<u64, usize> = HashMap::new();
    for (row, (hash, _)) in hashes.iter().enumerate() {
        first.entry(*hash).or_insert(row);
    }
    let odd = rows.into_iter().filter(|&row| {
        let (hash, mirror) = hashes[row];
        let Some(&original) = first.get(&mirror) else { return false };
        // Of the two, the later row is the copy. A picture that is its own mirror image tells nothing.
        if original >= row || hash == mirror {
            return false;
        }
        let (labels, from) = (&dataset.labels()[row], &dataset.labels()[original]);
        let partner = |keypoint| schema.mirrored(keypoint).unwrap_or(keypoint);
        let right = distance(labels, from, shape, true, partner);
        let not_exchanged = distance(labels, from, shape, true, |keypoint| keypoint);
        let not_mirrored = distance(labels, from, shape, false, |keypoint| keypoint);
        matches!((right, not_exchanged, not_mirrored), (Some(right), Some(one), Some(other)) if one.min(other) < right)
    });
    let odd: Vec<usize> = odd.collect();
    let detail =
        "each is an earlier row's picture mirrored; mirror x and exchange left and right too";
    (!odd.is_empty()).then(|| LabelWarning::of_rows(LabelFault::MirroredPicture, odd, detail))
}

fn mirrored(picture: &[u8], shape: PictureShape) -> Vec<u8> {
    let (row, pixel) = (shape.side * shape.channels, shape.channels);
    let mut mirrored = Vec::with_capacity(picture.len());
    for line in picture.chunks_exact(row) {
        line.chunks_exact(pixel).rev().for_each(|pixel| mirrored.extend_from_slice(pixel));
    }
    mirrored
}

/// The mean distance in x between labels and those of another row, mirrored if need be. `None` where no label is in both.
fn distance(
    labels: &Labels,
    from: &Labels,
    shape: PictureShape,
    mirror: bool,
    partner: impl Fn(Keypoint) -> Keypoint,
) -> Option<f64> {
    // Whether pixels count from their centres or their edges makes one pixel of a difference, which does not matter here.
    let width = shape.side as f64 - 0.5;
    let mut distances = Vec::new();
    for (keypoint, point) in labels.points() {
        let Some(other) = from.point(partner(keypoint)) else { continue };
        let x = f64::from(other.x);
        distances.push((f64::from(point.x) - if mirror { width - x } else { x }).abs());
    }
    (!distances.is_empty()).then(|| distances.iter().sum::<f64>() / distances.len() as f64)
}
