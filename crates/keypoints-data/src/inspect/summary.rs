//! The parts of a report, each computed from the faces by itself.

use rayon::prelude::*;
use serde::Serialize;

use crate::dataset::{FaceDataset, Images};
use crate::keypoint::{Coordinate, IMAGE_PIXELS};
use crate::labels::{LabelRegime, Labels};
use crate::split::picture_groups;

/// Smallest, largest and mean value of something.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ValueRange {
    /// Smallest value.
    pub min: f32,
    /// Largest value.
    pub max: f32,
    /// Arithmetic mean, summed in double precision.
    pub mean: f64,
}

/// The values of one coordinate column.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CoordinateSummary {
    /// Which column.
    pub coordinate: Coordinate,
    /// Rows in which it is labelled.
    pub count: usize,
    /// Its values in pixels; `None` if no row has any.
    pub values: Option<ValueRange>,
}

impl CoordinateSummary {
    pub(super) fn new(coordinate: Coordinate, labels: &[Labels]) -> Self {
        let present = labels.iter().filter_map(|labels| labels.get(coordinate));
        let (count, min, max, sum) = present.fold(
            (0, f32::INFINITY, f32::NEG_INFINITY, 0.0),
            |(count, min, max, sum), value| {
                (count + 1, value.min(min), value.max(max), sum + f64::from(value))
            },
        );
        let values = (count > 0).then(|| ValueRange { min, max, mean: sum / count as f64 });
        Self { coordinate, count, values }
    }
}

/// Rows per [`LabelRegime`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RegimeCounts {
    /// Rows with more than four keypoints.
    pub full: usize,
    /// Rows with four keypoints or fewer.
    pub four_point: usize,
}

impl RegimeCounts {
    pub(super) fn new(dataset: &FaceDataset) -> Self {
        let is_full = |labels: &&Labels| labels.regime() == LabelRegime::Full;
        let full = dataset.labels().iter().filter(is_full).count();
        Self { full, four_point: dataset.len() - full }
    }
}

/// How far the rows are from being all different pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DuplicateSummary {
    /// Different pictures, pixel for pixel.
    pub distinct_pictures: usize,
    /// Pictures that stand in more than one row.
    pub repeated_pictures: usize,
    /// Rows that show one of those.
    pub rows_of_repeated: usize,
    /// Rows of the picture that occurs most often; 1 if all differ, 0 without rows.
    pub largest_group: usize,
    /// Repeated pictures that both regimes labelled.
    pub mixed_regimes: usize,
}

impl DuplicateSummary {
    pub(super) fn new(dataset: &FaceDataset) -> Self {
        let mut summary = Self::default();
        for [full, four_point] in rows_per_picture(dataset) {
            let rows = full + four_point;
            summary.distinct_pictures += 1;
            summary.largest_group = summary.largest_group.max(rows);
            if rows > 1 {
                summary.repeated_pictures += 1;
                summary.rows_of_repeated += rows;
            }
            if full > 0 && four_point > 0 {
                summary.mixed_regimes += 1;
            }
        }
        summary
    }
}

/// For each different picture, how many rows of each regime show it.
fn rows_per_picture(dataset: &FaceDataset) -> Vec<[usize; LabelRegime::ALL.len()]> {
    let mut pictures = Vec::new();
    for (row, group) in picture_groups(dataset.images()).into_iter().enumerate() {
        let group = group as usize;
        // Groups are numbered in order of appearance, so a new one is always the next.
        if group == pictures.len() {
            pictures.push([0; LabelRegime::ALL.len()]);
        }
        pictures[group][dataset.regime(row) as usize] += 1;
    }
    pictures
}

pub(super) fn pixel_range(images: &Images) -> Option<ValueRange> {
    let (min, max, sum) = images
        .as_bytes()
        .par_chunks_exact(IMAGE_PIXELS)
        .map(|face| {
            let (min, max) =
                face.iter().fold((u8::MAX, 0), |(min, max), &grey| (grey.min(min), grey.max(max)));
            (min, max, face.iter().map(|&grey| u64::from(grey)).sum::<u64>())
        })
        .reduce_with(|a, b| (a.0.min(b.0), a.1.max(b.1), a.2 + b.2))?;
    Some(ValueRange {
        min: f32::from(min),
        max: f32::from(max),
        mean: sum as f64 / images.as_bytes().len() as f64,
    })
}
