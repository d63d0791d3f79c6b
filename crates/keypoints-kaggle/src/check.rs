//! Would Kaggle take this file? An answer for the person who is about to upload it.

use std::collections::HashSet;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use keypoints_data::kaggle::LookupTable;
use serde::Serialize;

use crate::coordinate::COORDINATE_RANGE;
use crate::csv;
use crate::error::KaggleError;
use crate::problem::Problem;
use crate::submission::UniqueRows;

/// How many problems of one kind are kept in full; the rest is only counted.
const KEPT_PER_KIND: usize = 5;

/// From which share of equal locations on a file looks forgotten rather than predicted.
const SUSPICIOUS_SHARE: f64 = 0.5;

/// What [`check`] found out about a file.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckReport {
    path: PathBuf,
    problems: Vec<Problem>,
    counts: [usize; Problem::KINDS],
    order: Remark<(usize, u32, u32)>,
    off_picture: Remark<(usize, f32)>,
    summary: Summary,
}

/// How many rows something is to be said of, and the first of them.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Remark<T> {
    rows: usize,
    first: Option<T>,
}

/// Numbers about the rows of a file, as far as they could be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Summary {
    /// Rows of the file, without its header.
    pub rows: usize,
    /// Rows that the lookup table asks for.
    pub requests: usize,
    /// The smallest location; 0 if there is none.
    pub min: f32,
    /// The largest location; 0 if there is none.
    pub max: f32,
    /// The mean location; 0 if there is none.
    pub mean: f64,
    /// The location that occurs most often; 0 if there is none.
    pub most_frequent: f32,
    /// Which share of the locations it makes up, `0..=1`.
    pub most_frequent_share: f64,
}

/// Compares a submission with the lookup table, row by row, and collects what is wrong with it.
///
/// As strict as Kaggle: the names of the two columns must be exact and no other column may be there, each `RowId` of the table must
/// occur once, and each location must be a finite number. Rows and columns may be in any order, cells may be in quotes, and locations
/// may lie outside of the picture; what is hardly meant is a warning.
///
/// ```
/// use keypoints_core::kaggle15;
/// use keypoints_data::kaggle::{LookupTable, Request};
/// use keypoints_kaggle::check;
///
/// let nose = [kaggle15::NOSE_TIP.x(), kaggle15::NOSE_TIP.y()];
/// let requests = nose.into_iter().zip(1..);
/// let requests = requests.map(|(coordinate, row_id)| Request { row_id, image_id: 1, coordinate });
/// let lookup = LookupTable::new(requests.collect()).ok_or("a RowId occurs twice")?;
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("submission.csv");
/// std::fs::write(&path, "RowId,Location\n2,48\n3,nose\n")?;
/// let report = check(&path, &lookup)?;
/// assert!(!report.is_ok());
/// let told = report.to_string();
/// assert!(told.contains("row 2, column Location: expected a number, found the text `nose`"));
/// assert!(told.contains("row 2: RowId 3 is not in IdLookupTable.csv"));
/// assert!(told.contains("RowId 1 (nose_tip_x of image 1) is missing"));
///
/// std::fs::write(&path, "RowId,Location\n2,48\n1,47.5\n")?;
/// let report = check(&path, &lookup)?;
/// assert!(report.is_ok()); // with a remark about the order
/// assert_eq!(report.warnings().len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Only [`KaggleError::Read`], if there is no file to look at: whatever is wrong *with* it stands in the
/// report.
pub fn check(path: impl AsRef<Path>, lookup: &LookupTable) -> Result<CheckReport, KaggleError> {
    let path = path.as_ref();
    let bytes =
        fs::read(path).map_err(|source| KaggleError::Read { path: path.to_owned(), source })?;
    let mut report = CheckReport {
        path: path.to_owned(),
        problems: Vec::new(),
        counts: [0; Problem::KINDS],
        order: Remark { rows: 0, first: None },
        off_picture: Remark { rows: 0, first: None },
        summary: Summary { requests: lookup.len(), ..Summary::default() },
    };

    let asked: HashSet<u32> = lookup.requests().iter().map(|one| one.row_id).collect();
    let mut seen = UniqueRows::with_capacity(lookup.len());
    // Row and id of the answers that count, to compare their order once it is known which are missing.
    let mut answered = Vec::with_capacity(lookup.len());
    let mut locations = Vec::with_capacity(lookup.len());

    let (header, rows) = csv::rows(&bytes);
    let has_header = header.is_none();
    header.into_iter().for_each(|problem| report.add(problem));
    for row in rows {
        report.summary.rows += 1;
        if let Some(problem) = row.problem {
            report.add(problem);
        }
        if let Some(found) = row.location {
            locations.push(found);
            if !COORDINATE_RANGE.contains(&found) {
                report.off_picture.add((row.number, found));
            }
        }
        let Some(row_id) = row.row_id else { continue };
        if !asked.contains(&row_id) {
            report.add(Problem::UnknownRowId { row: row.number, row_id });
        } else if let Err(problem) = seen.insert(row.number, row_id) {
            report.add(problem);
        } else {
            answered.push((row.number, row_id));
        }
    }

    // A row that is missing should not make all rows after it look displaced.
    let expected = lookup.requests().iter().filter(|request| seen.contains(request.row_id));
    for (&(row, row_id), request) in answered.iter().zip(expected) {
        if row_id != request.row_id {
            report.order.add((row, row_id, request.row_id));
        }
    }
    // Rows that cannot be read, because of the header, are not missing.
    if !has_header && answered.is_empty() && !bytes.trim_ascii().is_empty() {
        report.summary.describe(locations);
        return Ok(report);
    }
    for one in lookup.requests().iter().filter(|request| !seen.contains(request.row_id)) {
        report.add(Problem::MissingRowId {
            row_id: one.row_id,
            image_id: one.image_id,
            coordinate: one.coordinate,
        });
    }
    report.problems.sort_by_key(|problem| problem.kind().0);
    report.summary.describe(locations);
    Ok(report)
}

impl CheckReport {
    /// Whether Kaggle will take the file. Warnings do not count.
    pub fn is_ok(&self) -> bool {
        self.problem_count() == 0
    }

    /// What is wrong, kind by kind; of each kind only the first few, see
    /// [`CheckReport::problem_count`].
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// How many problems there are, also those that [`CheckReport::problems`] leaves out.
    pub fn problem_count(&self) -> usize {
        self.counts.iter().sum()
    }

    /// Rows, range and mean of the file.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// What Kaggle takes, but what may not be meant: rows in another order than the lookup table's, locations outside of the picture,
    /// most locations being one and the same number.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if let Some((row, row_id, expected)) = self.order.first {
            warnings.push(format!(
                "{} in another order than in IdLookupTable.csv, from row {row} on (RowId {row_id}, there {expected}); \
                 Kaggle goes by RowId",
                rows_are(self.order.rows)
            ));
        }
        if let Some((row, found)) = self.off_picture.first {
            warnings.push(format!(
                "{} outside of the picture (0 to {}), first row {row} with {found}; Kaggle scores them as they are",
                rows_are(self.off_picture.rows),
                COORDINATE_RANGE.end()
            ));
        }
        warnings.extend(self.repetition());
        warnings
    }

    fn repetition(&self) -> Option<String> {
        let Summary { most_frequent, most_frequent_share: share, rows, .. } = self.summary;
        // Two rows that agree are no sign of anything.
        if rows < 3 || share < SUSPICIOUS_SHARE {
            return None;
        }
        let how_many =
            if share < 1.0 { format!("{:.0} % of the", share * 100.0) } else { "all".to_owned() };
        Some(format!(
            "{how_many} locations are {most_frequent}: was a sample file uploaded instead?"
        ))
    }

    fn add(&mut self, problem: Problem) {
        let (kind, _) = problem.kind();
        self.counts[kind] += 1;
        if self.counts[kind] <= KEPT_PER_KIND {
            self.problems.push(problem);
        }
    }
}

impl<T> Remark<T> {
    fn add(&mut self, one: T) {
        self.rows += 1;
        self.first.get_or_insert(one);
    }
}

fn rows_are(rows: usize) -> String {
    if rows == 1 { "1 row is".to_owned() } else { format!("{rows} rows are") }
}

impl Summary {
    fn describe(&mut self, mut locations: Vec<f32>) {
        let count = locations.len();
        if count == 0 {
            return;
        }
        locations.sort_unstable_by(f32::total_cmp);
        self.min = locations[0];
        self.max = locations[count - 1];
        self.mean = locations.iter().map(|&value| f64::from(value)).sum::<f64>() / count as f64;
        for run in locations.chunk_by(|a, b| a == b) {
            let share = run.len() as f64 / count as f64;
            if share > self.most_frequent_share {
                (self.most_frequent, self.most_frequent_share) = (run[0], share);
            }
        }
    }
}

/// Several lines for a terminal, without a line end after the last one.
impl fmt::Display for CheckReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (path, summary) = (self.path.display(), &self.summary);
        match self.problem_count() {
            0 => writeln!(f, "{path}: ready for Kaggle")?,
            1 => writeln!(f, "{path}: Kaggle would not take this, 1 problem")?,
            more => writeln!(f, "{path}: Kaggle would not take this, {more} problems")?,
        }
        for same in self.problems.chunk_by(|a, b| a.kind() == b.kind()) {
            let (first, (kind, name)) = (&same[0], same[0].kind());
            match self.counts[kind] {
                1 => writeln!(f, "  {first}")?,
                count => writeln!(f, "  {count} {name}, first: {first}")?,
            }
        }
        for warning in self.warnings() {
            writeln!(f, "  warning: {warning}")?;
        }
        write!(
            f,
            "  {} rows for {} requests, locations from {} to {}, mean {:.2}",
            summary.rows, summary.requests, summary.min, summary.max, summary.mean
        )
    }
}
