//! How far to the right of the faces their labels lie.

use serde::{Deserialize, Serialize};

use crate::dataset::FaceDataset;
use crate::keypoint::{Axis, Coordinate, IMAGE_SIDE, Keypoint};
use crate::labels::{LabelRegime, Labels, Point};

/// How far, in pixels, the labels of either regime lie to the right of what they mark.
///
/// A face and its mirror image are equally likely, but annotators need not mark them alike: a crop that was rounded the other
/// way, or pixels counted from 1, moves all labels of a file by the same bit. It cannot be seen in the labels alone (faces may
/// stand off the middle), but a face is about as symmetric as its pixels: where they have their mirror axis, the labels of the two eyes
/// should have their middle. In the competition's files four-point labels lie 1.2 pixels to the right of that axis, the others 0.3.
///
/// Whoever mirrors faces has to know: labels that are mirrored with the pixels come to lie as far to the left, and what learns from
/// both marks the middle, which is wrong for either. So bring labels [onto the picture](Self::onto_picture) first, and what a network
/// answers [to where annotators would have marked it](Self::as_marked).
///
/// ```
/// use keypoints_data::{Keypoint, LabelRegime, LabelShifts, Labels};
///
/// let shifts = LabelShifts { full: 0.0, four_point: 1.5 };
/// let label: Labels = [(Keypoint::NoseTip.x(), 48.0), (Keypoint::NoseTip.y(), 60.0)].into_iter().collect();
/// let on_picture = shifts.onto_picture(LabelRegime::FourPoint, &label);
/// assert_eq!(on_picture.get(Keypoint::NoseTip.x()), Some(46.5));
/// assert_eq!(on_picture.get(Keypoint::NoseTip.y()), Some(60.0));
/// assert_eq!(shifts.as_marked(LabelRegime::FourPoint, &on_picture), label);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LabelShifts {
    /// Of fully labelled faces.
    pub full: f32,
    /// Of four-point faces.
    pub four_point: f32,
}

impl LabelShifts {
    /// Compares the labels of the eyes with the pixels around them, over these rows of the dataset. A shift that is within four
    /// standard errors of nothing, or of less than thirty usable faces, counts as none.
    ///
    /// Usable are faces with both eyes labelled, upright, and far enough from the edges of the picture. Reads each picture about
    /// seventeen times: sixty milliseconds for 7049 faces.
    ///
    /// # Panics
    /// If the dataset has no such row, as slices do.
    ///
    /// ```
    /// use keypoints_data::LabelShifts;
    /// use keypoints_data::synth::{SynthConfig, generate};
    ///
    /// // Drawn faces are labelled where their points are.
    /// let faces = generate(&SynthConfig { training: 100, test: 0, ..Default::default() }).training;
    /// let shifts = LabelShifts::measure(&faces, 0..faces.len());
    /// assert!(shifts.full.abs() < 0.5 && shifts.four_point.abs() < 0.5, "{shifts:?}");
    /// ```
    pub fn measure(faces: &FaceDataset, rows: impl IntoIterator<Item = usize>) -> Self {
        let mut found = LabelRegime::ALL.map(|_| Vec::new());
        for row in rows {
            let eyes = [Keypoint::LeftEyeCenter, Keypoint::RightEyeCenter]
                .map(|eye| faces.labels()[row].point(eye));
            if let [Some(left), Some(right)] = eyes
                && let Some(axis) = mirror_axis(faces.images().get(row), [left, right])
            {
                found[faces.regime(row) as usize].push((left.x + right.x) / 2.0 - axis);
            }
        }
        let [full, four_point] = found.map(usual);
        Self { full, four_point }
    }

    /// The shift of a coordinate as the annotators of that regime mark it, in pixels: 0 for y. What those of four-point faces do not
    /// mark comes from the others.
    pub fn of(self, regime: LabelRegime, coordinate: Coordinate) -> f32 {
        if coordinate.axis == Axis::Y {
            return 0.0;
        }
        let marked = Keypoint::FOUR_POINT.contains(&coordinate.keypoint);
        match regime {
            LabelRegime::FourPoint if marked => self.four_point,
            _ => self.full,
        }
    }

    /// Labels of a face of that regime, moved to what they mark.
    #[must_use]
    pub fn onto_picture(self, regime: LabelRegime, labels: &Labels) -> Labels {
        labels.present().map(|(one, value)| (one, value - self.of(regime, one))).collect()
    }

    /// Places on the picture, moved to where annotators of that regime would have marked them.
    #[must_use]
    pub fn as_marked(self, regime: LabelRegime, places: &Labels) -> Labels {
        places.present().map(|(one, value)| (one, value + self.of(regime, one))).collect()
    }

    /// Whether nothing is moved.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// The axis is sought this many half pixels to either side of the labels' middle.
const REACH: usize = 8;
/// Eyes that differ by more rows than this belong to a head that leans.
const UPRIGHT: f32 = 3.0;
/// What is compared, in distances between the eyes: so far to either side of the axis …
const WIDE: f32 = 0.8;
/// … and so far above and below the eyes.
const HIGH: f32 = 0.3;
/// Eyes that are nearer to each other than this, in pixels, say little.
const NARROW: f32 = 10.0;

/// The column about which the pixels around the eyes are most nearly their own mirror image; `None` where the face does not suit or
/// the best column is not within reach.
fn mirror_axis(pixels: &[u8], [left, right]: [Point; 2]) -> Option<f32> {
    let distance = (left.x - right.x).abs();
    if distance < NARROW || (left.y - right.y).abs() > UPRIGHT {
        return None;
    }
    let [x, y] = [(left.x + right.x) / 2.0, (left.y + right.y) / 2.0];
    let width = (WIDE * distance) as usize;
    let rows = [(y - HIGH * distance).max(0.0) as usize, (y + HIGH * distance).max(0.0) as usize];
    let rows = rows[0]..(rows[1] + 1).min(IMAGE_SIDE);
    // Axes in half pixels: the mirror image of column i is `axis − i`.
    let middle = (2.0 * x).round() as usize;
    let axes = middle.checked_sub(REACH)?..=middle + REACH;
    let fits = axes.start() / 2 > width && axes.end() / 2 + width + 1 < IMAGE_SIDE;
    if !fits || rows.is_empty() {
        return None;
    }
    let difference = |axis: usize| -> u64 {
        let last = (axis - 1) / 2;
        let pairs = |line: &[u8]| -> u64 {
            let pair = |column: usize| u64::from(line[column].abs_diff(line[axis - column]));
            (last + 1 - width..=last).map(|column| pair(column).pow(2)).sum()
        };
        rows.clone().map(|row| pairs(&pixels[row * IMAGE_SIDE..(row + 1) * IMAGE_SIDE])).sum()
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
mod tests {
    use super::*;
    use crate::synth::{SynthConfig, generate};

    /// Drawn faces, their labels moved by so much.
    fn moved(full: f32, four_point: f32) -> FaceDataset {
        let config = SynthConfig { training: 600, test: 0, seed: 3, ..Default::default() };
        let faces = generate(&config).training;
        let away = LabelShifts { full, four_point };
        let labels = |row: usize| away.as_marked(faces.regime(row), &faces.labels()[row]);
        let labels = (0..faces.len()).map(labels).collect();
        FaceDataset::new(faces.images().clone(), labels).unwrap()
    }

    #[test]
    fn a_shift_of_either_regime_is_found() {
        let of = |full, four_point| {
            let faces = moved(full, four_point);
            LabelShifts::measure(&faces, 0..faces.len())
        };
        let base = of(0.0, 0.0);
        assert!(base.full.abs() < 0.3 && base.four_point.abs() < 0.3, "{base:?}");
        let found = of(0.8, -1.5);
        assert!((found.full - 0.8).abs() < 0.35, "{found:?}");
        assert!((found.four_point + 1.5).abs() < 0.35, "{found:?}");
    }

    #[test]
    fn what_could_be_chance_is_no_shift() {
        assert_eq!(usual(vec![1.0; 29]), 0.0);
        assert_eq!(usual((0..100).map(|one| if one % 2 == 0 { 3.0 } else { -2.6 }).collect()), 0.0);
        let clear = usual((0..100).map(|one| if one % 2 == 0 { 1.2 } else { 0.8 }).collect());
        assert!((clear - 1.0).abs() < 1e-6);
    }

    #[test]
    fn the_axis_of_a_symmetric_picture_is_found() {
        // A hump about column 40.25.
        let line = |column: usize| (200.0 - 2.0 * (column as f32 - 40.25).abs()) as u8;
        let pixels: Vec<u8> =
            (0..IMAGE_SIDE * IMAGE_SIDE).map(|at| line(at % IMAGE_SIDE)).collect();
        let eyes = |x: f32| [Point { x: x + 12.0, y: 40.0 }, Point { x: x - 12.0, y: 40.0 }];
        for x in [39.0, 40.25, 42.0] {
            let axis = mirror_axis(&pixels, eyes(x)).unwrap();
            assert!((axis - 40.25).abs() < 0.1, "{axis} from {x}");
        }
        let leaning = [Point { x: 52.0, y: 38.0 }, Point { x: 28.0, y: 42.0 }];
        for unsuited in [leaning, eyes(12.0), eyes(46.0), eyes(90.0), eyes(-3.0)] {
            assert_eq!(mirror_axis(&pixels, unsuited), None, "{unsuited:?}");
        }
        // A label may be any number: none of them panics.
        for x in [-1e9, -0.4, 0.0, 95.0, 1e9, f32::NAN, f32::INFINITY] {
            for y in [-1e9, 0.0, 95.0, 1e9, f32::NAN] {
                let eyes = [Point { x: x + 12.0, y }, Point { x: x - 12.0, y }];
                assert!(mirror_axis(&pixels, eyes).is_none_or(f32::is_finite));
            }
        }
    }

    #[test]
    fn on_the_picture_and_back() {
        let shifts = LabelShifts { full: 0.25, four_point: 1.25 };
        let labels = Labels::new([Some(50.0); 30]);
        for regime in LabelRegime::ALL {
            let there = shifts.onto_picture(regime, &labels);
            assert_eq!(shifts.as_marked(regime, &there), labels);
            assert_eq!(there.get(Keypoint::NoseTip.y()), Some(50.0));
            // Four-point annotators mark no eyebrow.
            let brow = there.get(Keypoint::LeftEyebrowInnerEnd.x());
            assert_eq!(brow, Some(49.75));
        }
        assert!(LabelShifts::default().is_none() && !shifts.is_none());
    }
}
