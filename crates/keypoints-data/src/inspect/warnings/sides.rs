//! Left and right the other way round.

use keypoints_core::{Dataset, Keypoint, Labels, Schema};

use super::{LabelFault, LabelWarning};

/// Where more rows than this share are the other way round, objects are seen from both sides.
const LARGEST_SHARE: f64 = 0.25;

/// A pair of points that a mirror exchanges.
#[derive(Clone, Copy)]
pub(super) struct Pair {
    pub(super) one: Keypoint,
    pub(super) other: Keypoint,
    /// Whether `one` is the left one by its name, and `other` the right one.
    is_named: bool,
}

/// The pairs of a schema; the left point first where the names tell.
pub(super) fn pairs(schema: &Schema) -> Vec<Pair> {
    let pair = |keypoint: Keypoint| {
        let partner = schema.mirrored(keypoint).filter(|partner| *partner > keypoint)?;
        let name = |keypoint| schema.name_of(keypoint).to_lowercase();
        let (first, second) = (name(keypoint), name(partner));
        Some(if first.contains("left") && second.contains("right") {
            Pair { one: keypoint, other: partner, is_named: true }
        } else if first.contains("right") && second.contains("left") {
            Pair { one: partner, other: keypoint, is_named: true }
        } else {
            Pair { one: keypoint, other: partner, is_named: false }
        })
    };
    schema.keypoints().filter_map(pair).collect()
}

impl Pair {
    /// How far right of the other point the one lies.
    fn across(self, labels: &Labels) -> Option<f32> {
        Some(labels.get(self.one.x())? - labels.get(self.other.x())?)
    }
}

/// Pairs of columns, and rows, that disagree with most others.
pub(super) fn warnings(dataset: &Dataset) -> Vec<LabelWarning> {
    let (schema, rows) = (dataset.schema(), dataset.labels());
    let pairs = pairs(schema);
    // Of each pair, whether the one point is on the right in most rows.
    let usual = |pair: &Pair| {
        let across = rows.iter().filter_map(|labels| pair.across(labels));
        let (right, left) = across.fold((0, 0), |(right, left), one| {
            (right + usize::from(one > 0.0), left + usize::from(one < 0.0))
        });
        (right != left).then_some((right > left, right + left))
    };
    let usual: Vec<_> = pairs.iter().map(usual).collect();
    let mut warnings = Vec::new();

    let named = || pairs.iter().zip(&usual).filter(|(pair, _)| pair.is_named);
    let on_right = named().filter(|(_, usual)| usual.is_some_and(|(right, _)| right)).count();
    let on_left = named().filter(|(_, usual)| usual.is_some_and(|(right, _)| !right)).count();
    let expected = match known_side(schema) {
        Some(side) => Some(side),
        None => (on_right != on_left).then_some(on_right > on_left),
    };
    if let Some(expected) = expected {
        let odd = named().filter_map(|(pair, usual)| {
            let (side, labels) = (*usual)?;
            (side != expected).then_some([(pair.one.x(), labels), (pair.other.x(), labels)])
        });
        let odd: Vec<_> = odd.flatten().collect();
        if !odd.is_empty() {
            let detail = match expected {
                true => {
                    "what is called left is on the left of the picture, which the other columns, or the schema, have on the right"
                }
                false => {
                    "what is called left is on the right of the picture, which the other columns have on the left"
                }
            };
            let fault = LabelFault::SidesOfColumns;
            warnings.push(LabelWarning::of_columns(fault, schema, odd, detail.to_owned()));
            // Which rows are wrong, the columns must say first.
            return warnings;
        }
    }

    let is_odd = |row: &usize| {
        let across = pairs.iter().zip(&usual).filter_map(|(pair, usual)| {
            let (side, across) = ((*usual)?.0, pair.across(&rows[*row])?);
            Some(if side { across } else { -across })
        });
        let (count, reversed, sum) = across.fold((0, 0, 0.0), |(count, reversed, sum), one| {
            (count + 1, reversed + usize::from(one < 0.0), sum + one)
        });
        count >= 1 && 2 * reversed > count && sum < 0.0
    };
    let odd: Vec<usize> = (0..rows.len()).filter(is_odd).collect();
    if !odd.is_empty() && odd.len() as f64 <= LARGEST_SHARE * rows.len() as f64 {
        let detail = "the other way round than in other rows, unless these are seen from behind or upside down";
        warnings.push(LabelWarning::of_rows(LabelFault::SidesOfRows, odd, detail));
    }
    warnings
}

/// Whether what is called left is on the right of pictures, where the schema is known to mean the person's own left.
fn known_side(schema: &Schema) -> Option<bool> {
    (schema.name() == keypoints_core::Schema::kaggle15().name()).then_some(true)
}
