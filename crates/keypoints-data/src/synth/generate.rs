//! A whole competition of drawn faces.

use keypoints_core::kaggle15::*;
use keypoints_core::{Dataset, Keypoint, Labels, Source};
use rayon::prelude::*;

use super::PIXELS;
use super::config::SynthConfig;
use super::draw::Draw;
use super::face::{SyntheticFace, face_of_source};
use crate::kaggle::{LookupTable, Request, TestSet, test_set};

/// Number of the first test face: training rows, however many, use other faces.
const FIRST_TEST_FACE: u64 = 1 << 40;
/// The random stream that decides about duplicates and gaps.
const PLAN: u64 = u64::MAX;

/// Which points the odd full rows lack; about as often as in the real data.
const ODD_GAPS: [&[Keypoint]; 10] = [
    &[LEFT_EYEBROW_OUTER_END],
    &[LEFT_EYEBROW_OUTER_END],
    &[RIGHT_EYEBROW_OUTER_END],
    &[RIGHT_EYEBROW_OUTER_END],
    &[MOUTH_CENTER_BOTTOM_LIP],
    &[LEFT_EYEBROW_OUTER_END, RIGHT_EYEBROW_OUTER_END],
    &[LEFT_EYE_OUTER_CORNER],
    &[MOUTH_RIGHT_CORNER],
    &[RIGHT_EYE_CENTER, RIGHT_EYE_INNER_CORNER, RIGHT_EYE_OUTER_CORNER],
    &[MOUTH_LEFT_CORNER, MOUTH_RIGHT_CORNER, MOUTH_CENTER_TOP_LIP, MOUTH_CENTER_BOTTOM_LIP],
];

/// Everything that the competition's files hold, and the answers.
#[derive(Clone, Debug, PartialEq)]
pub struct SyntheticSet {
    /// Labelled faces: the full rows, then the four-point rows, as in the real file.
    pub training: Dataset,
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
/// use keypoints_data::synth::{SynthConfig, generate};
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

/// The label source of each of so many rows.
fn sources(rows: usize, config: &SynthConfig) -> Vec<Source> {
    let four_point = (rows as f64 * config.four_point_share.clamp(0.0, 1.0)).round() as usize;
    let mut sources = vec![FULL; rows - four_point.min(rows)];
    sources.resize(rows, FOUR_POINT);
    sources
}

fn training(config: &SynthConfig) -> Dataset {
    let sources = sources(config.training, config);
    let mut plan = Draw::new(config.seed, PLAN);
    let odd_share = config.odd_gap_share as f32;

    // The face each row shows: mostly its own, sometimes that of an earlier row.
    let mut faces: Vec<usize> = Vec::with_capacity(sources.len());
    let mut missing: Vec<&[Keypoint]> = Vec::with_capacity(sources.len());
    for (row, &source) in sources.iter().enumerate() {
        let first =
            if source == FULL { 0 } else { sources.partition_point(|&source| source == FULL) };
        let repeats = plan.chance(config.duplicate_share as f32) && row > first;
        faces.push(if repeats { faces[first + plan.below(row - first)] } else { row });
        missing.push(match source {
            FULL if plan.chance(odd_share) => ODD_GAPS[plan.below(ODD_GAPS.len())],
            FOUR_POINT if plan.chance(odd_share / 25.0) => &[MOUTH_CENTER_BOTTOM_LIP],
            _ => &[],
        });
    }

    let drawn = |row: usize| face_of_source(config.seed, faces[row] as u64, sources[row]);
    let (mut labels, pixels) = draw_all(config.training, drawn, |face| face.labels());
    for (labels, missing) in labels.iter_mut().zip(missing) {
        for keypoint in missing {
            labels.set(keypoint.x(), None);
            labels.set(keypoint.y(), None);
        }
    }
    crate::kaggle::faces(labels, pixels)
}

#[expect(clippy::expect_used, reason = "ids count upwards, a picture each")]
fn test(config: &SynthConfig) -> (TestSet, Vec<Labels>) {
    let sources = sources(config.test, config);
    let drawn =
        |row: usize| face_of_source(config.seed, FIRST_TEST_FACE + row as u64, sources[row]);
    let (labels, pixels) = draw_all(config.test, drawn, |face| face.labels());
    let image_ids = (1u32..).take(config.test).collect();
    (test_set(image_ids, pixels).expect("a picture per id"), labels)
}

/// Draws so many faces into one block of pixels, and keeps something about each.
fn draw_all<T: Send + Clone + Default>(
    count: usize,
    draw: impl Fn(usize) -> SyntheticFace + Sync,
    keep: impl Fn(&SyntheticFace) -> T + Sync,
) -> (Vec<T>, Vec<u8>) {
    let mut pixels = vec![0; count * PIXELS];
    let mut kept = vec![T::default(); count];
    pixels.par_chunks_exact_mut(PIXELS).zip(&mut kept).enumerate().for_each(
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
