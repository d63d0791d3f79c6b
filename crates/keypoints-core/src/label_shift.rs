//! How far beside the objects their labels lie.

use crate::dataset::Dataset;
use crate::keypoint::{Axis, Coordinate};
use crate::labels::{Labels, Point};
use crate::picture::PictureShape;
use crate::schema::{Schema, Source};

/// How far, in pixels, the labels of each source lie to the right of what they mark.
///
/// A guideline, or a crop that was rounded the other way, can move all labels of a source by the same bit. It cannot be seen in the
/// labels alone, but a face is about as symmetric as its pixels: where the pixels have their mirror axis, the two unit points of the
/// schema should have their middle. In the competition's files four-point labels lie 1.2 pixels to the right of that axis, the
/// others 0.3.
///
/// Flip augmentation turns a constant offset of +d into −d. The network then learns 0 and is off by d on every picture. So
/// bring labels [onto the picture](Self::onto_picture) first, and predictions [to where the source would have marked
/// them](Self::as_marked).
///
/// ```
/// use keypoints_core::{LabelShifts, Labels, Schema, kaggle15};
///
/// let schema = Schema::kaggle15();
/// let shifts = LabelShifts::new(vec![0.0, 1.5]);
/// let nose = kaggle15::NOSE_TIP;
/// let label: Labels = [(nose.x(), 48.0), (nose.y(), 60.0)].into_iter().collect();
/// let on_picture = shifts.onto_picture(&schema, kaggle15::FOUR_POINT, &label);
/// assert_eq!((on_picture.get(nose.x()), on_picture.get(nose.y())), (Some(46.5), Some(60.0)));
/// assert_eq!(shifts.as_marked(&schema, kaggle15::FOUR_POINT, &on_picture), label);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LabelShifts(Vec<f32>);

impl LabelShifts {
    /// Shifts in pixels, one per label source in the schema's order; sources beyond the end have none.
    pub const fn new(pixels: Vec<f32>) -> Self {
        Self(pixels)
    }

    /// Compares the labels of the schema's two unit points with the pixels around them, over these rows of the dataset. A shift
    /// that is within four standard errors of nothing, or of less than thirty usable rows, counts as none. So does every
    /// shift where the unit points are no mirror pair.
    ///
    /// Usable are rows with both points labelled, upright, and far enough from the edges of the picture. Reads each picture
    /// about seventeen times: sixty milliseconds for 7049 grey 96×96 faces.
    ///
    /// # Panics
    /// If the dataset has no such row, as slices do.
    pub fn measure(dataset: &Dataset, rows: impl IntoIterator<Item = usize>) -> Self {
        let schema = dataset.schema();
        let pair = schema.unit().filter(|[one, other]| schema.mirrored(*one) == Some(*other));
        let Some(pair) = pair else { return Self::default() };
        let mut found = vec![Vec::new(); schema.sources().len()];
        let shape = dataset.pictures().shape();
        for row in rows {
            let points = pair.map(|point| dataset.labels()[row].point(point));
            if let [Some(one), Some(other)] = points
                && let Some(axis) = mirror_axis(dataset.pictures().get(row), shape, [one, other])
            {
                found[dataset.sources()[row].index()].push((one.x + other.x) / 2.0 - axis);
            }
        }
        Self(found.into_iter().map(usual).collect())
    }

    /// The shift of each source in the schema's order, in pixels; may be shorter than the list of sources.
    pub fn pixels(&self) -> &[f32] {
        &self.0
    }

    /// The shift of what a source marks, in pixels to the right.
    pub fn of_source(&self, source: Source) -> f32 {
        self.0.get(source.index()).copied().unwrap_or(0.0)
    }

    /// The shift of a coordinate as a source marks it, in pixels: 0 for y. A point that the source never marks has the
    /// shift of the [source that does](Schema::source_for).
    pub fn of(&self, schema: &Schema, source: Source, coordinate: Coordinate) -> f32 {
        if coordinate.axis == Axis::Y {
            return 0.0;
        }
        self.of_source(schema.source_for(source, coordinate.keypoint))
    }

    /// Labels of a row of that source, moved to what they mark.
    #[must_use]
    pub fn onto_picture(&self, schema: &Schema, source: Source, labels: &Labels) -> Labels {
        labels.present().map(|(one, value)| (one, value - self.of(schema, source, one))).collect()
    }

    /// Places on the picture, moved to where that source would have marked them.
    #[must_use]
    pub fn as_marked(&self, schema: &Schema, source: Source, places: &Labels) -> Labels {
        places.present().map(|(one, value)| (one, value + self.of(schema, source, one))).collect()
    }

    /// Whether nothing is moved.
    pub fn is_none(&self) -> bool {
        self.0.iter().all(|&shift| shift == 0.0)
    }
}

/// The axis is sought this far to either side of the labels' middle. Lengths are in pixels of a picture with the
/// [reference side](crate::REFERENCE_SIDE).
const REACH: f64 = 4.0;
/// Points that differ by more rows than this belong to a head that leans.
const UPRIGHT: f64 = 3.0;
/// Points that are nearer to each other than this say little.
const NARROW: f64 = 10.0;
/// The part of the picture that is compared, in distances between the points: to either side of the axis …
const WIDE: f32 = 0.8;
/// … and above and below the points.
const HIGH: f32 = 0.3;

/// The column about which the pixels around two points are most nearly their own mirror image; `None` where the picture does
/// not suit or the best column is not within reach.
fn mirror_axis(pixels: &[u8], shape: PictureShape, [left, right]: [Point; 2]) -> Option<f32> {
    let side = shape.side;
    let [narrow, upright] = [NARROW, UPRIGHT].map(|length| shape.pixels(length) as f32);
    let distance = (left.x - right.x).abs();
    if distance < narrow || (left.y - right.y).abs() > upright {
        return None;
    }
    let [x, y] = [(left.x + right.x) / 2.0, (left.y + right.y) / 2.0];
    let width = (WIDE * distance) as usize;
    let rows = [(y - HIGH * distance).max(0.0) as usize, (y + HIGH * distance).max(0.0) as usize];
    let rows = rows[0]..(rows[1] + 1).min(side);
    // Axes in half pixels: the mirror image of column i is `axis − i`.
    let middle = (2.0 * x).round() as usize;
    let reach = (2.0 * shape.pixels(REACH)) as usize;
    let axes = middle.checked_sub(reach)?..=middle.checked_add(reach)?;
    let fits = axes.start() / 2 > width && axes.end() / 2 + width + 1 < side;
    if !fits || rows.is_empty() {
        return None;
    }
    let difference = |axis: usize| -> u64 {
        let last = (axis - 1) / 2;
        let pairs = |line: &[u8]| -> u64 {
            let pair = |column: usize| u64::from(line[column].abs_diff(line[axis - column]));
            (last + 1 - width..=last).map(|column| pair(column).pow(2)).sum()
        };
        let lines = |channel: &[u8]| -> u64 {
            rows.clone().map(|row| pairs(&channel[row * side..(row + 1) * side])).sum()
        };
        pixels.chunks_exact(shape.area()).map(lines).sum()
    };
    let differences: Vec<f64> = axes.clone().map(|axis| difference(axis) as f64).collect();
    let best = (0..differences.len()).min_by(|&a, &b| differences[a].total_cmp(&differences[b]))?;
    let around = differences.get(best.checked_sub(1)?..best + 2)?;
    // The lowest point of a parabola through the three.
    let bend = around[0] - 2.0 * around[1] + around[2];
    let beside = if bend > 0.0 { 0.5 * (around[0] - around[2]) / bend } else { 0.0 };
    Some(((axes.start() + best) as f64 + beside) as f32 / 2.0)
}

/// The mean without the lowest and the highest tenth; 0 where it could be chance.
fn usual(mut values: Vec<f32>) -> f32 {
    const ENOUGH: usize = 30;
    if values.len() < ENOUGH {
        return 0.0;
    }
    values.sort_by(f32::total_cmp);
    let tenth = values.len() / 10;
    let mean = |values: &[f32]| {
        values.iter().map(|&one| f64::from(one)).sum::<f64>() / values.len() as f64
    };
    let usual = mean(&values[tenth..values.len() - tenth]);
    let middle = mean(&values);
    let squares: f64 = values.iter().map(|&one| (f64::from(one) - middle).powi(2)).sum();
    let variance = squares / (values.len() - 1) as f64;
    let error = (variance / values.len() as f64).sqrt();
    if usual.abs() > 4.0 * error { usual as f32 } else { 0.0 }
}

#[cfg(test)]
mod tests;
