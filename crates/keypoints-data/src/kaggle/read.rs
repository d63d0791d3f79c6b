//! The three files of the competition, each from a path of any kind to its type.

use std::collections::HashMap;
use std::path::Path;

use keypoints_core::{Dataset, Labels, Pictures, Schema, kaggle15};

use super::csv::{Columns, FileKind, Shape, parse_id, read_table};
use super::files::{LookupTable, Request, TestSet, dataset};
use crate::error::{COORDINATE_RANGE, DataError};
use crate::excerpt::excerpt;

/// Reads `training.csv`: thirty coordinates and a picture per row.
///
/// The path may be that of the file, of a zip that holds it (`training.zip`), or of a zip that holds such
/// a zip (`facial-keypoints-detection.zip`); the content decides, not the name. Columns may stand in any
/// order, lines may end in LF, CRLF or CR, fields may be in quotes, and a byte order mark may come first.
/// A blank cell is a label that nobody gave, `None`; a cell of nothing but spaces is an error.
/// Files of more than 262,144 faces are refused.
///
/// Read as well, because it can mean only one thing:
/// - `nan`, `NaN`, `NA`, `N/A`, `NULL`, `null`, `None` and the like in a label column: no label
/// - columns separated by semicolons, tabs or `|`; labels with a decimal comma
/// - blank lines before the header and at the end; separators at the end of lines, and last columns with no name and no content
/// - pictures as Python writes lists and whole arrays, see [`parse_pixels`](super::parse_pixels)
///
/// Errors with the cause: UTF-16, compressed files, a column of row numbers without a name (pandas' `index=False` leaves it out),
/// blank lines between rows, arrays that were cut when they were printed, cells that a spreadsheet cut.
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("training.csv");
/// use keypoints_core::{Schema, kaggle15};
/// use keypoints_data::kaggle::read_training;
///
/// let names = Schema::kaggle15().coordinate_names();
/// let pixels = vec!["128"; 9216].join(" ");
/// std::fs::write(&path, format!("{},Image\n66.25{},{pixels}\n", names.join(","), ",".repeat(29)))?;
///
/// let faces = read_training(&path)?;
/// assert_eq!(faces.labels()[0].get(kaggle15::LEFT_EYE_CENTER.x()), Some(66.25));
/// assert_eq!(faces.labels()[0].count(), 1);
/// assert_eq!(faces.pictures().get(0)[..3], [128, 128, 128]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The fault of the first row that has one, or of the file as a whole.
pub fn read_training(path: &Path) -> Result<Dataset, DataError> {
    let (labels, pixels) = read_table(path, &Shape::of(FileKind::Training), labels)?;
    Ok(faces(labels, pixels))
}

/// Reads `test.csv`: an `ImageId` and a picture per row, from the same kinds of path as [`read_training`].
///
/// # Errors
/// The fault of the first row that has one (an id that occurred before, for example), or of the file.
pub fn read_test(path: &Path) -> Result<TestSet, DataError> {
    let (image_ids, pixels) = read_table(path, &Shape::of(FileKind::Test), image_ids)?;
    #[expect(clippy::expect_used, reason = "`image_ids` refuses an id that occurred before")]
    Ok(test_set(image_ids, pixels).expect("an image per id"))
}

/// Reads `IdLookupTable.csv`: what the submission has to answer, from the same kinds of path as
/// [`read_training`]. A `Location` column may be there; whatever it holds is skipped, and
/// where it is the last one rows may end before it.
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("IdLookupTable.csv");
/// use keypoints_core::kaggle15;
/// use keypoints_data::kaggle::read_lookup;
///
/// std::fs::write(&path, "RowId,ImageId,FeatureName,Location\r\n1,1,nose_tip_y,\r\n")?;
/// let lookup = read_lookup(&path)?;
/// assert_eq!(lookup.requests()[0].coordinate, kaggle15::NOSE_TIP.y());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The fault of the first row that has one (a coordinate that does not exist, a `RowId` that occurred
/// before), or of the file. Whether the images exist is for [`check_lookup`] to say.
pub fn read_lookup(path: &Path) -> Result<LookupTable, DataError> {
    let (requests, _) = read_table(path, &Shape::of(FileKind::Lookup), requests)?;
    #[expect(clippy::expect_used, reason = "`requests` refuses a row id that occurred before")]
    Ok(LookupTable::new(requests).expect("row ids differ"))
}

/// Checks that every request is about an image of the test set; `path` is the lookup table's, for the
/// error.
///
/// # Errors
/// [`DataError::UnknownImage`] with the first row that asks for an image which is not there.
pub fn check_lookup(lookup: &LookupTable, test: &TestSet, path: &Path) -> Result<(), DataError> {
    let known: std::collections::HashSet<u32> = test.image_ids().iter().copied().collect();
    let stray = lookup.requests().iter().position(|request| !known.contains(&request.image_id));
    match stray {
        None => Ok(()),
        Some(index) => Err(DataError::UnknownImage {
            path: path.to_owned(),
            row: index + 1,
            images: test.len(),
            found: lookup.requests()[index].image_id,
        }),
    }
}

/// Puts together what was read row by row, or checked to have the same number of rows.
#[expect(clippy::expect_used, reason = "callers bring 9216 pixels for each row, and finite labels")]
pub(crate) fn faces(labels: Vec<Labels>, pixels: Vec<u8>) -> Dataset {
    let pictures = Pictures::new(kaggle15::SHAPE, pixels).expect("whole pictures");
    dataset(pictures, labels).expect("a picture per row")
}

/// Like [`faces`], for test images; `None` unless there are 9216 pixels for each id and all ids differ.
pub(crate) fn test_set(image_ids: Vec<u32>, pixels: Vec<u8>) -> Option<TestSet> {
    TestSet::new(image_ids, Pictures::new(kaggle15::SHAPE, pixels)?)
}

fn labels(columns: &Columns) -> Result<Vec<Labels>, DataError> {
    let schema = Schema::kaggle15();
    let mut all = Vec::with_capacity(columns.rows());
    columns.for_each_row(|row, cells| {
        let mut labels = Labels::default();
        for (coordinate, cell) in schema.coordinates().zip(cells) {
            let Some(text) = cell else { continue };
            let outcome = parse_coordinate(text);
            if outcome.is_err() && is_gap(text) {
                continue;
            }
            let value = outcome.map_err(|fault| {
                let (path, found) = (columns.place.clone(), excerpt(text.as_bytes()));
                let column = schema.coordinate_name(coordinate);
                match fault {
                    CoordinateFault::NotANumber => {
                        DataError::NotANumber { path, row, column, found }
                    }
                    CoordinateFault::NotFinite => DataError::NotFinite { path, row, column, found },
                    CoordinateFault::OutOfRange => {
                        DataError::OutOfRange { path, row, column, found }
                    }
                }
            })?;
            labels.set(coordinate, Some(value));
        }
        all.push(labels);
        Ok(())
    })?;
    Ok(all)
}

/// Whether a program wrote that there is no number.
fn is_gap(text: &str) -> bool {
    const GAPS: [&str; 8] = ["nan", "na", "n/a", "#n/a", "<na>", "null", "none", "-nan"];
    GAPS.iter().any(|gap| text.eq_ignore_ascii_case(gap))
}

enum CoordinateFault {
    NotANumber,
    NotFinite,
    OutOfRange,
}

fn parse_coordinate(text: &str) -> Result<f32, CoordinateFault> {
    let value: f32 = text.parse().map_err(|_| CoordinateFault::NotANumber)?;
    if !value.is_finite() {
        return Err(CoordinateFault::NotFinite);
    }
    // `96.000000001` and `-1e-60` round to the ends of the range; the wider type still sees them outside.
    let wide: f64 = text.parse().map_err(|_| CoordinateFault::NotANumber)?;
    let (low, high) = (f64::from(*COORDINATE_RANGE.start()), f64::from(*COORDINATE_RANGE.end()));
    if (low..=high).contains(&wide) { Ok(value) } else { Err(CoordinateFault::OutOfRange) }
}

fn image_ids(columns: &Columns) -> Result<Vec<u32>, DataError> {
    let mut ids = UniqueIds::with_capacity(columns.rows());
    let mut all = Vec::with_capacity(columns.rows());
    columns.for_each_row(|row, cells| {
        let id = parse_id(columns, row, 0, cells[0])?;
        ids.insert(columns, row, id)?;
        all.push(id);
        Ok(())
    })?;
    Ok(all)
}

fn requests(columns: &Columns) -> Result<Vec<Request>, DataError> {
    let schema = Schema::kaggle15();
    let mut row_ids = UniqueIds::with_capacity(columns.rows());
    let mut all = Vec::with_capacity(columns.rows());
    columns.for_each_row(|row, cells| {
        let row_id = parse_id(columns, row, 0, cells[0])?;
        row_ids.insert(columns, row, row_id)?;
        let image_id = parse_id(columns, row, 1, cells[1])?;
        let name = cells[2].unwrap_or_default();
        let coordinate = schema.coordinate(name).ok_or_else(|| DataError::UnknownCoordinate {
            path: columns.place.clone(),
            row,
            found: excerpt(name.as_bytes()),
        })?;
        all.push(Request { row_id, image_id, coordinate });
        Ok(())
    })?;
    Ok(all)
}

/// The ids of a table's first column with the rows they stand in.
struct UniqueIds(HashMap<u32, usize>);

impl UniqueIds {
    fn with_capacity(rows: usize) -> Self {
        Self(HashMap::with_capacity(rows))
    }

    fn insert(&mut self, columns: &Columns, row: usize, id: u32) -> Result<(), DataError> {
        match self.0.insert(id, row) {
            None => Ok(()),
            Some(first_row) => Err(DataError::DuplicateId {
                path: columns.place.clone(),
                row,
                column: columns.name(0),
                found: id,
                first_row,
            }),
        }
    }
}
