//! Why photos make no dataset.

/// The largest share of rows that may be left out.
pub const LARGEST_SHARE_LEFT_OUT: f64 = 0.05;

/// How many faults an error lists.
const LISTED: usize = 10;

/// Photos that make no dataset.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PhotoError {
    /// One row cannot be used, and the caller wants all of them.
    #[error("{fault}")]
    Strict {
        /// The first fault.
        fault: String,
    },
    /// More rows than [`LARGEST_SHARE_LEFT_OUT`] cannot be used.
    #[error("{} of {rows} rows cannot be used, more than {:.0} %:{}", faults.len(), 100.0 * LARGEST_SHARE_LEFT_OUT, Listed(faults))]
    TooManyFaults {
        /// All rows.
        rows: usize,
        /// One line per fault.
        faults: Vec<String>,
    },
    /// The pictures' side or margin cannot be.
    #[error(
        "pictures of {side}×{side} pixels with a margin of {margin}: a side of 1 to 4096 and a margin of -0.5 to 10 are possible"
    )]
    BadOptions {
        /// The side.
        side: usize,
        /// The margin.
        margin: f64,
    },
    /// The cut pictures cannot be kept.
    #[error("{}: cannot keep the cut pictures here", path.display())]
    Cache {
        /// The file.
        path: std::path::PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
}

/// The first faults, one per line.
struct Listed<'a>(&'a [String]);

impl std::fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for fault in self.0.iter().take(LISTED) {
            write!(f, "\n  {fault}")?;
        }
        match self.0.len().saturating_sub(LISTED) {
            0 => Ok(()),
            more => write!(f, "\n  and {more} more"),
        }
    }
}
