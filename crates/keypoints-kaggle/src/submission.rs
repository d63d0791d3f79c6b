//! The answers to all requests, and the two ways to get them out of a network.

use std::collections::BTreeMap;
use std::collections::hash_map::{Entry, HashMap};
use std::fs;
use std::path::Path;

use keypoints_core::{Coordinate, Labels, Source};
use keypoints_data::kaggle::{LookupTable, Request, TestSet};

use crate::answer::Answer;
use crate::coordinate::COORDINATE_RANGE;
use crate::csv;
use crate::error::KaggleError;
use crate::problem::{LocationFault, Problem};
use crate::source::image_sources;

/// The file that Kaggle scores: `RowId,Location`, one row per request.
///
/// All locations are finite and no `RowId` occurs twice. A `solution.csv` (the truth for data whose
/// truth is known) has the same layout and is a `Submission` too.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Submission {
    answers: Vec<Answer>,
}

impl Submission {
    /// A submission from answers that are known already; they stay in their order and are not clipped.
    ///
    /// ```
    /// use keypoints_kaggle::{Answer, Submission};
    ///
    /// let answer = Answer { row_id: 1, location: 66.5 };
    /// assert_eq!(Submission::new(vec![answer])?.answers(), [answer]);
    /// assert!(Submission::new(vec![answer, answer]).is_err());
    /// # Ok::<(), keypoints_kaggle::KaggleError>(())
    /// ```
    ///
    /// # Errors
    /// [`KaggleError::Answers`] if a `RowId` occurs twice or a location is not finite.
    pub fn new(answers: Vec<Answer>) -> Result<Self, KaggleError> {
        let mut rows = UniqueRows::with_capacity(answers.len());
        for (answer, row) in answers.iter().zip(1..) {
            if !answer.location.is_finite() {
                let (fault, found) = (LocationFault::NotFinite, answer.location.to_string());
                let problem = Problem::Location { row, fault, found };
                return Err(KaggleError::Answers { problem });
            }
            rows.insert(row, answer.row_id).map_err(|problem| KaggleError::Answers { problem })?;
        }
        Ok(Self { answers })
    }

    /// Answers all requests from one prediction per test image, clipped to the picture.
    ///
    /// `predictions[i]` is for the image `test.image_ids()[i]`. What nobody asks for may be missing.
    ///
    /// ```
    /// use keypoints_core::{Labels, Pictures, kaggle15};
    /// use keypoints_data::kaggle::{LookupTable, Request, TestSet};
    /// use keypoints_kaggle::Submission;
    ///
    /// let coordinate = kaggle15::NOSE_TIP.x();
    /// let lookup = LookupTable::new(vec![Request { row_id: 1, image_id: 7, coordinate }]);
    /// let test = Pictures::new(kaggle15::SHAPE, vec![0; 96 * 96]).and_then(|one| TestSet::new(vec![7], one));
    /// let (Some(lookup), Some(test)) = (lookup, test) else { return Err("bad lengths".into()) };
    ///
    /// let prediction: Labels = [(coordinate, 48.25)].into_iter().collect();
    /// let submission = Submission::from_predictions(&lookup, &test, &[prediction])?;
    /// assert_eq!(submission.answers()[0].location, 48.25);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If there is not one prediction per image, if the lookup table asks for an image that is not in
    /// the test set, or if a prediction that it asks for is missing, NaN or infinite.
    pub fn from_predictions(
        lookup: &LookupTable,
        test: &TestSet,
        predictions: &[Labels],
    ) -> Result<Self, KaggleError> {
        if predictions.len() != test.len() {
            let (images, predictions) = (test.len(), predictions.len());
            return Err(KaggleError::PredictionCount { images, predictions });
        }
        let by_image: BTreeMap<u32, &Labels> =
            test.image_ids().iter().copied().zip(predictions).collect();
        let requests = lookup.requests();
        if let Some(lost) = requests.iter().find(|one| !by_image.contains_key(&one.image_id)) {
            return Err(KaggleError::UnknownImage { row_id: lost.row_id, image_id: lost.image_id });
        }
        Self::route(lookup, |image_id, _, coordinate| by_image[&image_id].get(coordinate))
    }

    /// Answers all requests, in their order, by asking `predict` with the image's id, its label source
    /// (see [`image_sources`]) and the coordinate. Answers are pixels, clipped to the picture.
    ///
    /// This is the general form for networks that predict per source; see the
    /// [crate's example](crate).
    ///
    /// # Errors
    /// If `predict` has no answer, or one that is NaN or infinite.
    pub fn route<F>(lookup: &LookupTable, mut predict: F) -> Result<Self, KaggleError>
    where
        F: FnMut(u32, Source, Coordinate) -> Option<f32>,
    {
        let sources = image_sources(lookup);
        let mut answers = Vec::with_capacity(lookup.len());
        for run in lookup.requests().chunk_by(|a, b| a.image_id == b.image_id) {
            let source = sources[&run[0].image_id];
            for &Request { row_id, image_id, coordinate } in run {
                let location = match predict(image_id, source, coordinate) {
                    Some(location) if location.is_finite() => clip(location),
                    Some(found) => {
                        return Err(KaggleError::NonFinitePrediction {
                            row_id,
                            image_id,
                            coordinate,
                            found,
                        });
                    }
                    None => {
                        return Err(KaggleError::MissingPrediction {
                            row_id,
                            image_id,
                            coordinate,
                        });
                    }
                };
                answers.push(Answer { row_id, location });
            }
        }
        // A lookup table repeats no `RowId`, so the answers need no second look.
        Ok(Self { answers })
    }

    /// Writes `RowId,Location` with line feeds, atomically: the old file stays until the new is whole.
    ///
    /// Numbers get the fewest digits that read back to the same `f32`.
    ///
    /// # Errors
    /// [`KaggleError::Write`] with what the operating system said.
    pub fn write(&self, path: impl AsRef<Path>) -> Result<(), KaggleError> {
        let path = path.as_ref();
        keypoints_data::write_atomically(path, &csv::to_bytes(&self.answers))
            .map_err(|source| KaggleError::Write { path: path.to_owned(), source })
    }

    /// Reads a submission or a solution. Line ends may be LF, CRLF or CR, a byte order mark may lead, cells may be in quotes, and
    /// rows and columns may be in any order.
    ///
    /// [`check`](crate::check) is stricter, because it knows the lookup table.
    ///
    /// ```
    /// use keypoints_kaggle::Submission;
    ///
    /// let folder = tempfile::tempdir()?;
    /// let path = folder.path().join("submission.csv");
    /// std::fs::write(&path, "RowId,Location\r\n1,66.03\r\n2,nose\r\n")?;
    /// let error = Submission::read(&path).map_err(|error| error.to_string());
    /// let expected = "row 2, column Location: expected a number, found the text `nose`";
    /// assert_eq!(error, Err(format!("{}: {expected}", path.display())));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`KaggleError::Read`] if the file cannot be read, [`KaggleError::Malformed`] with row, column,
    /// expected and found if it is no submission.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, KaggleError> {
        let path = path.as_ref();
        let malformed = |problem| KaggleError::Malformed { path: path.to_owned(), problem };
        let bytes =
            fs::read(path).map_err(|source| KaggleError::Read { path: path.to_owned(), source })?;
        let (header, rows) = csv::rows(&bytes);
        if let Some(problem) = header {
            return Err(malformed(problem));
        }
        let mut unique = UniqueRows::with_capacity(bytes.len() / 8);
        let mut answers = Vec::with_capacity(bytes.len() / 8);
        for row in rows {
            if let Some(problem) = row.problem {
                return Err(malformed(problem));
            }
            // A row without a problem has both its numbers.
            if let (Some(row_id), Some(location)) = (row.row_id, row.location) {
                unique.insert(row.number, row_id).map_err(malformed)?;
                answers.push(Answer { row_id, location });
            }
        }
        Ok(Self { answers })
    }

    /// The rows, in the order of the file.
    pub fn answers(&self) -> &[Answer] {
        &self.answers
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.answers.len()
    }

    /// Whether there is no row at all.
    pub fn is_empty(&self) -> bool {
        self.answers.is_empty()
    }
}

/// Adding zero turns −0 into 0, which is what a reader of the file expects.
fn clip(location: f32) -> f32 {
    location.clamp(*COORDINATE_RANGE.start(), *COORDINATE_RANGE.end()) + 0.0
}

/// Row ids that have been seen, and where.
pub(crate) struct UniqueRows(HashMap<u32, usize>);

impl UniqueRows {
    pub(crate) fn with_capacity(rows: usize) -> Self {
        Self(HashMap::with_capacity(rows))
    }

    pub(crate) fn insert(&mut self, row: usize, row_id: u32) -> Result<(), Problem> {
        match self.0.entry(row_id) {
            Entry::Vacant(slot) => {
                slot.insert(row);
                Ok(())
            }
            Entry::Occupied(slot) => {
                Err(Problem::DuplicateRowId { row, row_id, first_row: *slot.get() })
            }
        }
    }

    pub(crate) fn contains(&self, row_id: u32) -> bool {
        self.0.contains_key(&row_id)
    }
}
