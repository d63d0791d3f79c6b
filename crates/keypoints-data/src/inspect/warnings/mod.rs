//! Labels that can be read but are hardly meant.

mod axes;
mod filled;
mod mirrored;
mod scale;
mod sides;

use std::fmt;

use keypoints_core::{Coordinate, Dataset, Labels, Schema};
use serde::Serialize;

use crate::annotations::Annotations;

/// Pictures of a smaller side are not judged by how small their coordinates are.
const SMALLEST_SIDE: usize = 16;
/// How many columns and rows a line names.
const NAMED: usize = 4;

/// A way in which labels go wrong without being unreadable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LabelFault {
    /// One value in many rows of a column, to the last digit, as after `fillna(0)` or `fillna(mean)`.
    FilledWithOneValue,
    /// The value of the row above, to the last digit, as after `ffill` (or the row below, after `bfill`).
    FilledFromNeighbours,
    /// A column that never leaves 0 to 1.
    Scaled,
    /// Columns whose left and right are the other way round than in the other columns.
    SidesOfColumns,
    /// Rows whose left and right are the other way round than in the other rows.
    SidesOfRows,
    /// Rows whose pairs of points stand one above the other.
    Axes,
    /// A picture that is another row's picture mirrored, with labels that are not.
    MirroredPicture,
}

/// Labels that look wrong, and where. Nothing is changed in them.
///
/// Prints as one line.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LabelWarning {
    /// What they look like.
    pub fault: LabelFault,
    /// How many labels of each column, for faults of columns.
    pub columns: Vec<ColumnCount>,
    /// The rows, counted from 1, for faults of rows.
    pub rows: Vec<usize>,
    /// What else there is to know of it: a value, or what it may be as well.
    pub detail: String,
}

/// Labels of a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ColumnCount {
    /// The coordinate's name.
    pub column: String,
    /// How many of its labels look wrong.
    pub labels: usize,
}

impl LabelWarning {
    /// Looks for labels that were filled in, swapped or scaled. A dataset of good labels has none.
    ///
    /// Where pictures were cut out around their labels, what was filled in or scaled shows in the photos' labels only: see
    /// [`LabelWarning::of_photos`].
    ///
    /// ```
    /// use keypoints_core::{Labels, Pictures, kaggle15};
    /// use keypoints_data::{LabelFault, LabelWarning};
    ///
    /// let nose = |x, y| [(kaggle15::NOSE_TIP.x(), x), (kaggle15::NOSE_TIP.y(), y)].into_iter().collect::<Labels>();
    /// let mut labels: Vec<Labels> = (0..20).map(|row| nose(44.1 + row as f32 / 7.0, 60.3 - row as f32 / 9.0)).collect();
    /// labels[3..8].fill(nose(0.0, 0.0));
    /// let pictures = Pictures::new(kaggle15::SHAPE, vec![128; 20 * 9216]).ok_or("twenty faces")?;
    /// let warnings = LabelWarning::of(&keypoints_data::kaggle::dataset(pictures, labels)?);
    /// assert_eq!(warnings[0].fault, LabelFault::FilledWithOneValue);
    /// assert_eq!(warnings[0].labels(), 10);
    /// println!("warning: {}", warnings[0]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of(dataset: &Dataset) -> Vec<Self> {
        let (schema, labels) = (dataset.schema(), dataset.labels());
        let mut warnings = Vec::new();
        if dataset.margin().is_none() {
            let same = |one, other| dataset.pictures().get(one) == dataset.pictures().get(other);
            warnings = filled::warnings(schema, labels, same);
            // Smaller pictures may have a point in their first pixel in every row.
            if dataset.pictures().shape().side >= SMALLEST_SIDE {
                warnings.extend(scale::warning(schema, labels));
            }
        }
        match axes::warning(dataset) {
            Some(axes) => warnings.push(axes),
            // Where y stands for x, there is no left and right.
            None => warnings.extend(sides::warnings(dataset)),
        }
        warnings.extend(mirrored::warning(dataset));
        warnings
    }

    /// Looks for labels of photos that were filled in or scaled.
    pub fn of_photos(annotations: &Annotations) -> Vec<Self> {
        let rows = &annotations.rows;
        let labels: Vec<Labels> = rows.iter().map(|row| row.labels.clone()).collect();
        let same = |one: usize, other: usize| rows[one].picture == rows[other].picture;
        let mut warnings = filled::warnings(&annotations.schema, &labels, same);
        warnings.extend(scale::warning(&annotations.schema, &labels));
        warnings
    }

    fn of_columns(
        fault: LabelFault,
        schema: &Schema,
        counts: impl IntoIterator<Item = (Coordinate, usize)>,
        detail: String,
    ) -> Self {
        let column = |(coordinate, labels)| ColumnCount {
            column: schema.coordinate_name(coordinate),
            labels,
        };
        let columns = counts.into_iter().map(column).collect();
        Self { fault, columns, rows: Vec::new(), detail }
    }

    fn of_rows(fault: LabelFault, rows: Vec<usize>, detail: &str) -> Self {
        let rows = rows.into_iter().map(|row| row + 1).collect();
        Self { fault, columns: Vec::new(), rows, detail: detail.to_owned() }
    }

    /// How many labels are counted in the columns.
    pub fn labels(&self) -> usize {
        self.columns.iter().map(|one| one.labels).sum()
    }
}

impl fmt::Display for LabelWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns = Listed(&self.columns, |one| format!("{} ({})", one.column, one.labels));
        let rows = Listed(&self.rows, usize::to_string);
        let (labels, count) = (Count(self.labels(), "label"), Count(self.rows.len(), "row"));
        let detail = &self.detail;
        match self.fault {
            LabelFault::FilledWithOneValue => {
                write!(f, "{labels} filled in? One value in many rows: {columns}; {detail}")
            }
            LabelFault::FilledFromNeighbours => write!(
                f,
                "{labels} filled in? Equal to the row above to the last digit: {columns}; {detail}"
            ),
            LabelFault::Scaled => write!(f, "{labels} scaled? {columns}: {detail}"),
            LabelFault::SidesOfColumns => write!(f, "left and right swapped? {columns}: {detail}"),
            LabelFault::SidesOfRows => {
                write!(f, "left and right swapped in {count}? {detail}; rows {rows}")
            }
            LabelFault::Axes => write!(f, "x and y swapped in {count}? {detail}; rows {rows}"),
            LabelFault::MirroredPicture => {
                write!(
                    f,
                    "{count} with a mirrored picture, but not mirrored labels? {detail}; rows {rows}"
                )
            }
        }
    }
}

struct Count(usize, &'static str);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}{}", self.0, self.1, if self.0 == 1 { "" } else { "s" })
    }
}

/// The first few, and how many more.
struct Listed<'a, T>(&'a [T], fn(&T) -> String);

impl<T> fmt::Display for Listed<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named: Vec<String> = self.0.iter().take(NAMED).map(self.1).collect();
        f.write_str(&named.join(", "))?;
        match self.0.len().saturating_sub(NAMED) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}
