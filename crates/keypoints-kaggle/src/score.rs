//! Kaggle's metric, computed here, for data whose truth is known.

use std::collections::HashMap;
use std::fmt;

use keypoints_data::{Coordinate, Keypoint, LabelRegime, LookupTable, NUM_KEYPOINTS, Tally};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::error::KaggleError;
use crate::regime::image_regimes;
use crate::submission::Submission;

/// The error of a submission, overall and in parts. All values are in pixels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Score {
    parts: [[Tally; NUM_KEYPOINTS]; LabelRegime::ALL.len()],
}

impl Score {
    /// All requests together: its root mean is the number on Kaggle's leaderboard.
    pub fn overall(&self) -> Tally {
        self.parts.iter().flatten().copied().sum()
    }

    /// The images of one label regime.
    pub fn regime(&self, regime: LabelRegime) -> Tally {
        self.parts[regime as usize].iter().copied().sum()
    }

    /// Both coordinates of one keypoint.
    pub fn keypoint(&self, keypoint: Keypoint) -> Tally {
        self.parts.iter().map(|regime| regime[keypoint.index()]).sum()
    }

    /// One keypoint on the images of one label regime.
    pub fn part(&self, regime: LabelRegime, keypoint: Keypoint) -> Tally {
        self.parts[regime as usize][keypoint.index()]
    }
}

/// Compares a submission with the truth, joined by `RowId`; the order of the rows plays no part.
///
/// ```
/// use keypoints_data::{Keypoint, LookupTable, Request};
/// use keypoints_kaggle::{Answer, Submission, score};
///
/// let nose = [Keypoint::NoseTip.x(), Keypoint::NoseTip.y()];
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
/// [`KaggleError::MissingAnswer`] if one of the two leaves a request without an answer.
pub fn score(
    submission: &Submission,
    solution: &Submission,
    lookup: &LookupTable,
) -> Result<Score, KaggleError> {
    let regimes = image_regimes(lookup);
    let index = |file: &Submission| -> HashMap<u32, f32> {
        file.answers().iter().map(|answer| (answer.row_id, answer.location)).collect()
    };
    let (answers, truths) = (index(submission), index(solution));
    let mut score = Score::default();
    for &one in lookup.requests() {
        let missing = |file| KaggleError::MissingAnswer {
            file,
            row_id: one.row_id,
            image_id: one.image_id,
            coordinate: one.coordinate,
        };
        let answer = answers.get(&one.row_id).ok_or_else(|| missing("submission"))?;
        let truth = truths.get(&one.row_id).ok_or_else(|| missing("solution"))?;
        let Coordinate { keypoint, .. } = one.coordinate;
        score.parts[regimes[&one.image_id] as usize][keypoint.index()] +=
            Tally::of(f64::from(*answer) - f64::from(*truth));
    }
    Ok(score)
}

/// `{"rmse": …, "count": …}`; the root mean of nothing is `null`.
#[derive(Serialize)]
struct Part {
    rmse: Option<f64>,
    count: u64,
}

impl From<Tally> for Part {
    fn from(tally: Tally) -> Self {
        Self { rmse: tally.rmse(), count: tally.labels }
    }
}

/// `{"rmse": …, "count": …, "regimes": {…}, "keypoints": {…}}`.
impl Serialize for Score {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let regimes = LabelRegime::ALL.map(|one| (one.name(), self.regime(one)));
        let keypoints = Keypoint::ALL.map(|one| (one.name(), self.keypoint(one)));
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry("rmse", &self.overall().rmse())?;
        map.serialize_entry("count", &self.overall().labels)?;
        map.serialize_entry("regimes", &Named(&regimes))?;
        map.serialize_entry("keypoints", &Named(&keypoints))?;
        map.end()
    }
}

/// Pairs as a map that keeps their order.
struct Named<'a>(&'a [(&'static str, Tally)]);

impl Serialize for Named<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|&(name, value)| (name, Part::from(value))))
    }
}

/// A small table for a terminal, without a line end after the last line.
impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let regimes = LabelRegime::ALL.map(|one| (one.name(), self.regime(one)));
        let keypoints = Keypoint::ALL.map(|one| (one.name(), self.keypoint(one)));
        write!(f, "{:<25} {:>8} {:>11}", "", "RMSE, px", "coordinates")?;
        let all = std::iter::once(("all", self.overall()));
        for (name, part) in all.chain(regimes).chain(keypoints) {
            if let Some(rmse) = part.rmse() {
                write!(f, "\n{name:<25} {rmse:>8.4} {:>11}", part.labels)?;
            }
        }
        Ok(())
    }
}
