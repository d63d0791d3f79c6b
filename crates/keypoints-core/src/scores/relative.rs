//! Errors of many rows relative to the size of the object, by row, keypoint and group of keypoints.

use serde::{Deserialize, Serialize};

use super::nme::{NmeReport, normalised_mean_error};
use crate::keypoint::Keypoint;
use crate::labels::Labels;
use crate::named::Named;
use crate::schema::Schema;

/// Errors as shares of the distance between the [unit points](Schema::unit) of each row.
///
/// ```
/// use keypoints_core::{Keypoint, Labels, Point, RelativeErrors, Schema};
///
/// let schema: Schema = serde_json::from_str(
///     r#"{ "name": "ends", "keypoints": ["a", "b"], "unit": ["a", "b"], "groups": { "right": ["b"] } }"#,
/// )?;
/// let at = |x| -> Labels {
///     let place = |index, x| [(Keypoint::new(index).x(), x), (Keypoint::new(index).y(), 0.0)];
///     [place(0, 0.0), place(1, x)].into_iter().flatten().collect()
/// };
/// let errors = RelativeErrors::of(&schema, &[at(100.0)], &[at(104.0)]).ok_or("a unit")?;
/// assert_eq!(errors.keypoints.get("b"), Some(&0.04));
/// assert_eq!(errors.groups.get("right"), Some(&0.04));
/// assert_eq!(errors.nme.mean, 0.02); // over both points
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RelativeErrors {
    /// Over all points of a row, then over the rows.
    pub nme: NmeReport,
    /// Mean error of each [group](Schema::groups).
    pub groups: Named<f64>,
    /// Mean error of each keypoint.
    pub keypoints: Named<f64>,
    /// The mean error of every row, ascending: the cumulative error curve.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<f64>,
}

impl RelativeErrors {
    /// Compares predictions with labels, row by row. `None` where the schema has no unit or no row can be measured.
    pub fn of(schema: &Schema, truth: &[Labels], predictions: &[Labels]) -> Option<Self> {
        let [one, other] = schema.unit()?;
        let mut sums = vec![(0.0, 0u64); schema.len()];
        let mut rows = Vec::new();
        for (truth, prediction) in truth.iter().zip(predictions) {
            let Some(row) = normalised_mean_error(schema, truth, prediction) else { continue };
            rows.push(row);
            let unit = truth.point(one)?.distance(truth.point(other)?);
            for (keypoint, label) in truth.points() {
                let sum = sums.get_mut(keypoint.index());
                if let (Some((sum, count)), Some(found)) = (sum, prediction.point(keypoint)) {
                    *sum += found.distance(label) / unit;
                    *count += 1;
                }
            }
        }
        if rows.is_empty() {
            return None;
        }
        rows.sort_by(f64::total_cmp);
        let mean = |points: &mut dyn Iterator<Item = Keypoint>| {
            let (sum, count) = points.fold((0.0, 0), |(sum, count), point| {
                let (own, labels) = sums[point.index()];
                (sum + own, count + labels)
            });
            (count > 0).then(|| sum / count as f64)
        };
        let keypoint = |one: Keypoint| {
            Some((schema.name_of(one).to_owned(), mean(&mut std::iter::once(one))?))
        };
        let group = |(name, points): (&str, &Vec<Keypoint>)| {
            Some((name.to_owned(), mean(&mut points.iter().copied())?))
        };
        Some(Self {
            nme: NmeReport::of(&rows),
            groups: schema.groups().iter().filter_map(group).collect(),
            keypoints: schema.keypoints().filter_map(keypoint).collect(),
            rows,
        })
    }
}
