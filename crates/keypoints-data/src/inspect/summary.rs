//! The parts of a report, each computed from the faces by itself.

use keypoints_core::{Coordinate, Dataset, Labels, Pictures, Schema, picture_groups};
use rayon::prelude::*;
use serde::Serialize;

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
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CoordinateSummary {
    /// The coordinate's name.
    pub coordinate: String,
    /// Rows in which it is labelled.
    pub count: usize,
    /// Its values in pixels; `None` if no row has any.
    pub values: Option<ValueRange>,
}

impl CoordinateSummary {
    pub(super) fn new(schema: &Schema, coordinate: Coordinate, labels: &[Labels]) -> Self {
        let present = labels.iter().filter_map(|labels| labels.get(coordinate));
        let (count, min, max, sum) = present.fold(
            (0, f32::INFINITY, f32::NEG_INFINITY, 0.0),
            |(count, min, max, sum), value| {
                (count + 1, value.min(min), value.max(max), sum + f64::from(value))
            },
        );
        let values = (count > 0).then(|| ValueRange { min, max, mean: sum / count as f64 });
        Self { coordinate: schema.coordinate_name(coordinate), count, values }
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
    /// Repeated pictures that several sources labelled.
    pub mixed_sources: usize,
}

impl DuplicateSummary {
    pub(super) fn new(dataset: &Dataset) -> Self {
        let mut summary = Self::default();
        for counts in rows_per_picture(dataset) {
            let rows = counts.iter().sum();
            summary.distinct_pictures += 1;
            summary.largest_group = summary.largest_group.max(rows);
            if rows > 1 {
                summary.repeated_pictures += 1;
                summary.rows_of_repeated += rows;
            }
            if counts.iter().filter(|&&count| count > 0).count() > 1 {
                summary.mixed_sources += 1;
            }
        }
        summary
    }
}

/// For each different picture, how many rows of each source show it.
fn rows_per_picture(dataset: &Dataset) -> Vec<Vec<usize>> {
    let mut pictures = Vec::new();
    for (row, group) in picture_groups(dataset.pictures()).into_iter().enumerate() {
        let group = group as usize;
        // Groups are numbered in order of appearance, so a new one is always the next.
        if group == pictures.len() {
            pictures.push(vec![0; dataset.schema().sources().len()]);
        }
        pictures[group][dataset.sources()[row].index()] += 1;
    }
    pictures
}

pub(super) fn pixel_range(pictures: &Pictures) -> Option<ValueRange> {
    let (min, max, sum) = pictures
        .as_bytes()
        .par_chunks_exact(pictures.shape().bytes())
        .map(|face| {
            let (min, max) =
                face.iter().fold((u8::MAX, 0), |(min, max), &grey| (grey.min(min), grey.max(max)));
            (min, max, face.iter().map(|&grey| u64::from(grey)).sum::<u64>())
        })
        .reduce_with(|a, b| (a.0.min(b.0), a.1.max(b.1), a.2 + b.2))?;
    Some(ValueRange {
        min: f32::from(min),
        max: f32::from(max),
        mean: sum as f64 / pictures.as_bytes().len() as f64,
    })
}
