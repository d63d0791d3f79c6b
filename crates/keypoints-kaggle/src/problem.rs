//! Everything that can be wrong with a submission file, in words for the person who uploads it.

use keypoints_core::Coordinate;

use crate::coordinate::{self, COORDINATE_RANGE};

/// One thing that is wrong with a submission file.
///
/// Rows are counted from 1 without the header, so that in a correct file row 17 holds `RowId` 17.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The first line is not the header that Kaggle asks for.
    #[error("header: expected `RowId,Location`, found `{found}`")]
    Header {
        /// The first line; empty for an empty file.
        found: String,
    },

    /// A row has more or fewer than two cells.
    #[error("row {row}: expected 2 cells, `RowId,Location`, found {found}{}", cell_count_hint(*.found))]
    CellCount {
        /// Row, counted from 1 without the header.
        row: usize,
        /// Number of cells.
        found: usize,
    },

    /// The first cell is no row id.
    #[error("row {row}, column RowId: expected a whole number, found `{found}`")]
    RowId {
        /// Row, counted from 1 without the header.
        row: usize,
        /// The cell as it stands.
        found: String,
    },

    /// The second cell is no finite number.
    #[error("row {row}, column Location: expected a number, found {}", fault.describe(found))]
    Location {
        /// Row, counted from 1 without the header.
        row: usize,
        /// In what way it is none.
        fault: LocationFault,
        /// The cell as it stands.
        found: String,
    },

    /// A location outside of the picture.
    #[error(
        "row {row}, column Location: expected a number from {} to {}, found {found}",
        COORDINATE_RANGE.start(), COORDINATE_RANGE.end()
    )]
    OutOfRange {
        /// Row, counted from 1 without the header.
        row: usize,
        /// The location.
        found: f32,
    },

    /// A row id that nobody asked for.
    #[error("row {row}: RowId {row_id} is not in IdLookupTable.csv")]
    UnknownRowId {
        /// Row, counted from 1 without the header.
        row: usize,
        /// The id.
        row_id: u32,
    },

    /// A row id that an earlier row has already.
    #[error("row {row}: RowId {row_id} again, it stands in row {first_row} already")]
    DuplicateRowId {
        /// Row, counted from 1 without the header.
        row: usize,
        /// The id.
        row_id: u32,
        /// The row that has it first.
        first_row: usize,
    },

    /// A row that stands at another place than in the lookup table.
    #[error(
        "row {row}: RowId {row_id}, expected {expected}: rows must be in the order of \
         IdLookupTable.csv"
    )]
    Order {
        /// Row, counted from 1 without the header.
        row: usize,
        /// The id found.
        row_id: u32,
        /// The id that belongs there.
        expected: u32,
    },

    /// A request without an answer.
    #[error("RowId {row_id} ({} of image {image_id}) is missing", coordinate::name(*.coordinate))]
    MissingRowId {
        /// The id.
        row_id: u32,
        /// `ImageId` of the request.
        image_id: u32,
        /// The coordinate asked for.
        coordinate: Coordinate,
    },
}

/// In what way a cell of the column `Location` is no finite number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LocationFault {
    /// Nothing is written there.
    Blank,
    /// Something in quotation marks.
    Quoted,
    /// NaN or infinity.
    NotFinite,
    /// Some other text.
    Text,
}

impl LocationFault {
    fn describe(self, found: &str) -> String {
        match self {
            Self::Blank => "a blank cell".to_owned(),
            Self::Quoted => format!("{found}: write numbers without quotation marks"),
            Self::NotFinite => format!("`{found}`, which is not finite"),
            Self::Text => format!("the text `{found}`"),
        }
    }
}

impl Problem {
    /// Number of kinds of problem, see [`Problem::kind`].
    pub(crate) const KINDS: usize = 9;

    /// Which kind of problem this is, `0..KINDS`, and a name for several of it.
    pub(crate) const fn kind(&self) -> (usize, &'static str) {
        match self {
            Self::Header { .. } => (0, "wrong headers"),
            Self::CellCount { .. } => (1, "rows with a wrong number of cells"),
            Self::RowId { .. } => (2, "unreadable row ids"),
            Self::Location { .. } => (3, "unreadable locations"),
            Self::OutOfRange { .. } => (4, "locations outside of the picture"),
            Self::UnknownRowId { .. } => (5, "extra rows"),
            Self::DuplicateRowId { .. } => (6, "repeated rows"),
            Self::Order { .. } => (7, "rows out of order"),
            Self::MissingRowId { .. } => (8, "missing rows"),
        }
    }
}

fn cell_count_hint(found: usize) -> &'static str {
    match found {
        1 => ": is the separator a comma?",
        3 => ": is there a decimal comma or an index column?",
        _ => "",
    }
}
