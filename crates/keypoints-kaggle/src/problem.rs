//! Everything that can be wrong with a submission file, in words for the person who uploads it.

use keypoints_core::Coordinate;

use crate::coordinate;

/// One thing that is wrong with a submission file.
///
/// Rows are counted from 1 without the header, so that in a correct file row 17 holds `RowId` 17.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The file is no text in UTF-8.
    #[error("{found}")]
    NotText {
        /// What it is, and what to do.
        found: &'static str,
    },

    /// The first line is not the header that Kaggle asks for: these two columns, in any order.
    #[error("header: expected `RowId,Location`, found `{found}`{}", header_hint(found))]
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
    pub(crate) const KINDS: usize = 8;

    /// Which kind of problem this is, `0..KINDS`, and a name for several of it.
    pub(crate) const fn kind(&self) -> (usize, &'static str) {
        match self {
            Self::NotText { .. } => (0, "files that are no text"),
            Self::Header { .. } => (1, "wrong headers"),
            Self::CellCount { .. } => (2, "rows with a wrong number of cells"),
            Self::RowId { .. } => (3, "unreadable row ids"),
            Self::Location { .. } => (4, "unreadable locations"),
            Self::UnknownRowId { .. } => (5, "extra rows"),
            Self::DuplicateRowId { .. } => (6, "repeated rows"),
            Self::MissingRowId { .. } => (7, "missing rows"),
        }
    }
}

/// What a header looks like whose names are right.
fn header_hint(found: &str) -> &'static str {
    if !(found.contains("RowId") && found.contains("Location")) {
        return "";
    }
    if found.contains(';') || found.contains("\\t") || found.contains('|') {
        return ": separate the columns with commas";
    }
    match found.trim_start_matches('"').starts_with(',') || found.starts_with("Unnamed: ") {
        true => {
            ": column 1 is a row index, which pandas leaves out with `index=False`, R with `row.names=FALSE`"
        }
        false if found.ends_with(',') => ": no comma at the end of the lines",
        false if found.matches(',').count() > 1 => ": Kaggle takes no further columns",
        false => "",
    }
}

fn cell_count_hint(found: usize) -> &'static str {
    match found {
        1 => ": is the separator a comma?",
        3 => ": is there a decimal comma or an index column?",
        _ => "",
    }
}
