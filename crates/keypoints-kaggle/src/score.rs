//! Kaggle's metric, computed here, for data whose truth is known.

use std::collections::HashMap;
use std::fmt;

use keypoints_core::{ErrorSums, Keypoint, Labels, Named, Schema, Source, Tally};
use keypoints_data::kaggle::LookupTable;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::error::KaggleError;
use crate::source::image_sources;
use crate::submission::Submission;

/// The error of a submission, overall and in parts. All values are in pixels.
///
/// As JSON: `{"rmse": …, "count": …, "sources": {…}, "keypoints": {…}}`; the parts by their names in the schema
/// `kaggle-15`, each with its own `rmse` and `count`.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    sums: ErrorSums,
}

impl Score {
    /// All requests together: its root mean is the number on Kaggle's leaderboard.
    pub fn overall(&self) -> Tally {
        self.sums.total()
    }

    /// The images of one label source.
    ///
    /// # Panics
    /// If the schema `kaggle-15` has no such source.
    pub fn source(&self, source: Source) -> Tally {
        self.sums.source(source)
    }

    /// Both coordinates of one keypoint.
    ///
    /// # Panics
    /// If the schema `kaggle-15` has no such keypoint.
    pub fn keypoint(&self, keypoint: Keypoint) -> Tally {
        [keypoint.x(), keypoint.y()].map(|one| self.sums.coordinate(one)).into_iter().sum()
    }

    /// One keypoint on the images of one label source.
    ///
    /// # Panics
    /// If the schema `kaggle-15` has no such source or keypoint.
    pub fn part(&self, source: Source, keypoint: Keypoint) -> Tally {
        [keypoint.x(), keypoint.y()].map(|one| self.sums.cell(source, one)).into_iter().sum()
    }

    fn by_source(&self) -> Named<Tally> {
        let schema = Schema::kaggle15();
        let part = |one| (schema.source(one).name().to_owned(), self.source(one));
        schema.source_indices().map(part).collect()
    }

    fn by_keypoint(&self) -> Named<Tally> {
        let schema = Schema::kaggle15();
        let part = |one| (schema.name_of(one).to_owned(), self.keypoint(one));
        schema.keypoints().map(part).collect()
    }
}

/// Compares a submission with the truth, joined by `RowId`; the order of the rows plays no part.
///
/// ```
/// use keypoints_core::kaggle15;
/// use keypoints_data::kaggle::{LookupTable, Request};
/// use keypoints_kaggle::{Answer, Submission, score};
///
/// let nose = [kaggle15::NOSE_TIP.x(), kaggle15::NOSE_TIP.y()];
/// let requests = nose.into_iter().zip(1..);
/// let requests = requests.map(|(coordinate, row_id)| Request { row_id, image_id: 1, coordinate });
/// let lookup = LookupTable::new(requests.collect()).ok_or("a RowId occurs twice")?;
///
/// let at = |x, y| vec![Answer { row_id: 1, location: x }, Answer { row_id: 2, location: y }];
/// let solution = Submission::new(at(40.0, 50.0))?;
/// let submission = Submission::new(at(41.0, 57.0))?;
/// let score = score(&submission, &solution, &lookup)?;
/// assert_eq!(score.overall().rmse(), Some(5.0)); // the root of (1² + 7²) / 2
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`KaggleError::MissingAnswer`] if one of the two leaves a request without an answer;
/// [`KaggleError::UnknownKeypoint`] if a request is for a point that the schema `kaggle-15` does not have.
pub fn score(
    submission: &Submission,
    solution: &Submission,
    lookup: &LookupTable,
) -> Result<Score, KaggleError> {
    let (schema, sources) = (Schema::kaggle15(), image_sources(lookup));
    let index = |file: &Submission| -> HashMap<u32, f32> {
        file.answers().iter().map(|answer| (answer.row_id, answer.location)).collect()
    };
    let (answers, truths) = (index(submission), index(solution));
    let mut sums = ErrorSums::new(&schema);
    for &one in lookup.requests() {
        let missing = |file| KaggleError::MissingAnswer {
            file,
            row_id: one.row_id,
            image_id: one.image_id,
            coordinate: one.coordinate,
        };
        let answer = answers.get(&one.row_id).ok_or_else(|| missing("submission"))?;
        let truth = truths.get(&one.row_id).ok_or_else(|| missing("solution"))?;
        let (row_id, number) = (one.row_id, one.coordinate.keypoint.index());
        if number >= schema.len() {
            return Err(KaggleError::UnknownKeypoint { row_id, number });
        }
        let label = |value: f32| -> Labels { [(one.coordinate, value)].into_iter().collect() };
        sums.add(sources[&one.image_id], &label(*truth), &label(*answer));
    }
    Ok(Score { sums })
}

/// `{"rmse": …, "count": …}`; the root mean of nothing is `null`.
#[derive(Serialize)]
struct Part {
    rmse: Option<f64>,
    count: u64,
}

fn parts(tallies: &Named<Tally>) -> Named<Part> {
    let part = |tally: &Tally| Part { rmse: tally.rmse(), count: tally.labels };
    tallies.iter().map(|(name, tally)| (name.to_owned(), part(tally))).collect()
}

impl Serialize for Score {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry("rmse", &self.overall().rmse())?;
        map.serialize_entry("count", &self.overall().labels)?;
        map.serialize_entry("sources", &parts(&self.by_source()))?;
        map.serialize_entry("keypoints", &parts(&self.by_keypoint()))?;
        map.end()
    }
}

/// A small table for a terminal, without a line end after the last line.
impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (all, sources, keypoints) = (self.overall(), self.by_source(), self.by_keypoint());
        write!(f, "{:<25} {:>8} {:>11}", "", "RMSE, px", "coordinates")?;
        let all = std::iter::once(("all", &all));
        for (name, part) in all.chain(sources.iter()).chain(keypoints.iter()) {
            if let Some(rmse) = part.rmse() {
                write!(f, "\n{name:<25} {rmse:>8.4} {:>11}", part.labels)?;
            }
        }
        Ok(())
    }
}
