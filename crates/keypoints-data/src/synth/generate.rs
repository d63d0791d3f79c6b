//! A whole competition of drawn faces.

use rayon::prelude::*;

use super::config::SynthConfig;
use super::draw::Draw;
use super::face::{SyntheticFace, face_in_regime};
use crate::dataset::{FaceDataset, LookupTable, Request, TestSet};
use crate::keypoint::IMAGE_PIXELS;
use crate::keypoint::Keypoint::{self, *};
use crate::labels::{LabelRegime, Labels};

/// Number of the first test face: training rows, however many, use other faces.
const FIRST_TEST_FACE: u64 = 1 << 40;
/// The random stream that decides about duplicates and gaps.
const PLAN: u64 = u64::MAX;

/// Which points the odd full rows lack; about as often as in the real data.
const ODD_GAPS: [&[Keypoint]; 10] = [
    &[LeftEyebrowOuterEnd],
    &[LeftEyebrowOuterEnd],
    &[RightEyebrowOuterEnd],
    &[RightEyebrowOuterEnd],
    &[MouthCenterBottomLip],
    &[LeftEyebrowOuterEnd, RightEyebrowOuterEnd],
    &[LeftEyeOuterCorner],
    &[MouthRightCorner],
    &[RightEyeCenter, RightEyeInnerCorner, RightEyeOuterCorner],
    &[MouthLeftCorner, MouthRightCorner, MouthCenterTopLip, MouthCenterBottomLip],
];

/// Everything that the competition's files hold, and the answers.
#[derive(Clone, Debug, PartialEq)]
pub struct SyntheticSet {
    /// Labelled faces: the full rows, then the four-point rows, as in the real file.
    pub training: FaceDataset,
    /// Faces to predict, `ImageId` from 1: the full ones, then the four-point ones.
    pub test: TestSet,
    /// What is asked: all thirty coordinates of full faces, eight of four-point ones.
    pub lookup: LookupTable,
    /// `RowId` and true value of each request, in pixels.
    pub solution: Vec<(u32, f32)>,
}

/// Draws all faces of a configuration, in parallel. The number of threads makes no difference.
///
/// ```
/// use keypoints_data::synth::generate;
/// use keypoints_data::SynthConfig;
///
/// let set = generate(&SynthConfig { training: 20, test: 5, ..SynthConfig::default() });
/// assert_eq!((set.training.len(), set.test.len()), (20, 5));
/// assert_eq!(set.solution.len(), set.lookup.len());
/// ```
pub fn generate(config: &SynthConfig) -> SyntheticSet {
    let training = training(config);
    let (test, faces) = test(config);
    let (lookup, solution) = questions(&faces);
    SyntheticSet { training, test, lookup, solution }
}

/// The regime of each of so many rows.
fn regimes(rows: usize, config: &SynthConfig) -> Vec<LabelRegime> {
    let four_point = (rows as f64 * config.four_point_share.clamp(0.0, 1.0)).round() as usize;
    let mut regimes = vec![LabelRegime::Full; rows - four_point.min(rows)];
    regimes.resize(rows, LabelRegime::FourPoint);
    regimes
}

fn training(config: &SynthConfig) -> FaceDataset {
    let regimes = regimes(config.training, config);
    let mut plan = Draw::new(config.seed, PLAN);
    let odd_share = config.odd_gap_share as f32;

    // The face each row shows: mostly its own, sometimes that of an earlier row.
    let mut faces: Vec<usize> = Vec::with_capacity(regimes.len());
    let mut missing: Vec<&[Keypoint]> = Vec::with_capacity(regimes.len());
    for (row, &regime) in regimes.iter().enumerate() {
        let first = if regime == LabelRegime::Full {
            0
        } else {
            regimes.partition_point(|&regime| regime == LabelRegime::Full)
        };
        let repeats = plan.chance(config.duplicate_share as f32) && row > first;
        faces.push(if repeats { faces[first + plan.below(row - first)] } else { row });
        missing.push(match regime {
            LabelRegime::Full if plan.chance(odd_share) => ODD_GAPS[plan.below(ODD_GAPS.len())],
            LabelRegime::FourPoint if plan.chance(odd_share / 25.0) => &[MouthCenterBottomLip],
            _ => &[],
        });
    }

    let drawn = |row: usize| face_in_regime(config.seed, faces[row] as u64, regimes[row]);
    let (mut labels, pixels) = draw_all(config.training, drawn, |face| face.labels());
    for (labels, missing) in labels.iter_mut().zip(missing) {
        for keypoint in missing {
            labels.set(keypoint.x(), None);
            labels.set(keypoint.y(), None);
        }
    }
    crate::read::faces(labels, pixels)
}

#[expect(clippy::expect_used, reason = "ids count upwards, a picture each")]
fn test(config: &SynthConfig) -> (TestSet, Vec<Labels>) {
    let regimes = regimes(config.test, config);
    let drawn =
        |row: usize| face_in_regime(config.seed, FIRST_TEST_FACE + row as u64, regimes[row]);
    let (labels, pixels) = draw_all(config.test, drawn, |face| face.labels());
    let image_ids = (1u32..).take(config.test).collect();
    (crate::read::test_set(image_ids, pixels).expect("a picture per id"), labels)
}

/// Draws so many faces into one block of pixels, and keeps something about each.
fn draw_all<T: Send + Clone + Default>(
    count: usize,
    draw: impl Fn(usize) -> SyntheticFace + Sync,
    keep: impl Fn(&SyntheticFace) -> T + Sync,
) -> (Vec<T>, Vec<u8>) {
    let mut pixels = vec![0; count * IMAGE_PIXELS];
    let mut kept = vec![T::default(); count];
    pixels.par_chunks_exact_mut(IMAGE_PIXELS).zip(&mut kept).enumerate().for_each(
        |(row, (target, kept))| {
            let face = draw(row);
            target.copy_from_slice(&face.pixels);
            *kept = keep(&face);
        },
    );
    (kept, pixels)
}

/// A request for every labelled coordinate of the test faces, with its answer.
#[expect(clippy::expect_used, reason = "row ids count upwards")]
fn questions(faces: &[Labels]) -> (LookupTable, Vec<(u32, f32)>) {
    let asked = (1u32..).zip(faces).flat_map(|(image_id, labels)| {
        labels.present().map(move |(coordinate, value)| (image_id, coordinate, value))
    });
    let (requests, solution) = (1u32..)
        .zip(asked)
        .map(|(row_id, (image_id, coordinate, value))| {
            (Request { row_id, image_id, coordinate }, (row_id, value))
        })
        .unzip();
    (LookupTable::new(requests).expect("row ids differ"), solution)
}
