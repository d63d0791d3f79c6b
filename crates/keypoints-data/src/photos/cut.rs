//! Decoding photos and cutting objects out of them, on all cores.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use keypoints_core::{Crop, Dataset, PictureShape, Pictures, REFERENCE_SIDE, Region};
use keypoints_image::Picture;
use rayon::prelude::*;

use super::error::{LARGEST_SHARE_LEFT_OUT, PhotoError};
use crate::annotations::{Annotation, Annotations};

/// The margin around an object's box or points where nobody says one: 15 % of its longer side on each of the four sides.
pub const DEFAULT_MARGIN: f64 = 0.15;

/// How to cut objects out of photos.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CutOptions {
    /// Side and channels of the pictures that are made.
    pub shape: PictureShape,
    /// See [`Region::crop`].
    pub margin: f64,
    /// Whether one row that cannot be used is an error.
    pub strict: bool,
}

impl Default for CutOptions {
    /// Grey pictures with the side that lengths in settings refer to.
    fn default() -> Self {
        Self { shape: PictureShape::grey(REFERENCE_SIDE), margin: DEFAULT_MARGIN, strict: false }
    }
}

/// Objects cut out of photos.
#[derive(Clone, Debug)]
pub struct Crops {
    /// The cut pictures with their labels in pixels of the crop. A point outside of its crop is a gap.
    pub dataset: Dataset,
    /// Where each row of the dataset was cut from.
    pub crops: Vec<Crop>,
    /// The row of the annotations that each row of the dataset is.
    pub rows: Vec<usize>,
    /// Why other rows were left out, one line each.
    pub left_out: Vec<String>,
}

/// Cuts every object out of its photo. `progress` is told how many rows are done.
///
/// # Errors
/// [`PhotoError`] if more than 5 % of the rows cannot be used or, with [`CutOptions::strict`], any.
pub fn cut(
    annotations: &Annotations,
    options: &CutOptions,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Crops, PhotoError> {
    check(options)?;
    let pixels = cut_pixels(annotations, options, progress);
    assemble(annotations, options, pixels)
}

pub(super) fn check(options: &CutOptions) -> Result<(), PhotoError> {
    let (side, margin) = (options.shape.side, options.margin);
    match options.shape.is_valid() && (-0.5..=10.0).contains(&margin) {
        true => Ok(()),
        false => Err(PhotoError::BadOptions { side, margin }),
    }
}

/// The square of a row, or what is wrong with it.
fn crop_of(row: &Annotation, margin: f64) -> Result<Crop, String> {
    let region = row.region.or_else(|| Region::of_points(&row.labels));
    let region = region.ok_or_else(|| format!("{}: neither a box nor a point", row.name))?;
    region.crop(margin).ok_or_else(|| {
        let what = if row.region.is_some() { "box" } else { "box around its points" };
        format!("{}: the {what} has no area", row.name)
    })
}

/// The pixels of every row's crop, or what is wrong with the row.
pub(super) fn cut_pixels(
    annotations: &Annotations,
    options: &CutOptions,
    progress: &(dyn Fn(usize) + Sync),
) -> Vec<Result<Vec<u8>, String>> {
    let mut by_picture = BTreeMap::<&Path, Vec<usize>>::new();
    for (index, row) in annotations.rows.iter().enumerate() {
        by_picture.entry(&row.picture).or_default().push(index);
    }
    let done = AtomicUsize::new(0);
    let cut_all = |(path, rows): (&Path, Vec<usize>)| {
        let picture = Picture::open(path).map_err(|error| error.to_string());
        let cut_one = |row: usize| {
            let cut = || {
                let crop = crop_of(&annotations.rows[row], options.margin)?;
                Ok(picture.as_ref().map_err(String::clone)?.cut(&crop, options.shape))
            };
            (row, cut())
        };
        let count = rows.len();
        let found: Vec<(usize, Result<Vec<u8>, String>)> = rows.into_iter().map(cut_one).collect();
        progress(done.fetch_add(count, Ordering::Relaxed) + count);
        found
    };
    let mut found: Vec<_> = by_picture.into_par_iter().flat_map_iter(cut_all).collect();
    found.sort_by_key(|(row, _)| *row);
    found.into_iter().map(|(_, pixels)| pixels).collect()
}

/// Makes a dataset of the rows that can be used.
#[expect(
    clippy::expect_used,
    reason = "every row brings the bytes of one picture, a name and checked labels"
)]
pub(super) fn assemble(
    annotations: &Annotations,
    options: &CutOptions,
    pixels: Vec<Result<Vec<u8>, String>>,
) -> Result<Crops, PhotoError> {
    let all = annotations.rows.len() + annotations.faults.len();
    let mut left_out: Vec<String> = annotations.faults.iter().map(ToString::to_string).collect();
    let (mut crops, mut rows, mut labels, mut names) = (vec![], vec![], vec![], vec![]);
    let mut bytes = Vec::with_capacity(pixels.len() * options.shape.bytes());
    for (index, (row, pixels)) in annotations.rows.iter().zip(pixels).enumerate() {
        match pixels.and_then(|pixels| Ok((crop_of(row, options.margin)?, pixels))) {
            Ok((crop, pixels)) => {
                labels.push(crop.labels_to_crop(options.shape, &row.labels));
                bytes.extend_from_slice(&pixels);
                names.push(row.name.clone());
                rows.push(index);
                crops.push(crop);
            }
            Err(fault) => left_out.push(fault),
        }
    }
    if let (true, Some(fault)) = (options.strict, left_out.first()) {
        return Err(PhotoError::Strict { fault: fault.clone() });
    }
    if left_out.len() as f64 > LARGEST_SHARE_LEFT_OUT * all as f64 {
        return Err(PhotoError::TooManyFaults { rows: all, faults: left_out });
    }
    let pictures = Pictures::new(options.shape, bytes).expect("whole pictures");
    let dataset = Dataset::of_one_source(Arc::clone(&annotations.schema), pictures, labels)
        .and_then(|dataset| dataset.with_margin(options.margin).with_names(names))
        .expect("a picture per row");
    Ok(Crops { dataset, crops, rows, left_out })
}
