//! What can be wrong with a file of weights.

use std::fmt;
use std::path::{Path, PathBuf};

/// A tensor whose shape is not the network's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadShape {
    /// Its name in the file.
    pub name: String,
    /// The shape that the network has.
    pub expected: Vec<usize>,
    /// The shape in the file.
    pub found: Vec<usize>,
}

/// The names in a file beside those of the network that it is not for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComparedNames {
    /// The network to load into.
    pub expected: String,
    /// What the file looks like.
    pub found: String,
    /// How many of the network's names are in the file.
    pub matching: usize,
    /// How many names the network has.
    pub of: usize,
    /// The first name of the file that the network has not, and the first one of the network that the file has not.
    pub first: [String; 2],
    /// A network of the registry that has more of the file's names.
    pub nearest: Option<&'static str>,
}

impl fmt::Display for ComparedNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { expected, found, matching, of, first: [in_file, in_network], nearest } = self;
        write!(
            f,
            "these weights are for another network: {matching} of {of} names match (file: `{in_file}`, network: `{in_network}`); \
             they are those of {found}, and this is {expected}"
        )?;
        match nearest {
            Some(network) => write!(f, "; the network `{network}` has more of these names"),
            None => Ok(()),
        }
    }
}

/// A file of weights that cannot be used or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WeightsError {
    /// A file could not be read or written.
    #[error("{}: cannot {action}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What was tried: "read", "write", …
        action: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is of no kind that is read, whatever its name.
    #[error(
        "{}: not a file of weights (safetensors, or what PyTorch saves): {found}", path.display()
    )]
    UnknownFormat {
        /// The file.
        path: PathBuf,
        /// What it looks like.
        found: String,
    },
    /// The file is damaged.
    #[error("{}: {expected} expected, but {found}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What should be there.
        expected: &'static str,
        /// What was found instead.
        found: String,
    },
    /// The file has the name of a published one, and another hash.
    #[error(
        "{}: a file whose SHA-256 starts with {expected} expected, but found {found}; fetch it again",
        path.display()
    )]
    WrongHash {
        /// The file.
        path: PathBuf,
        /// The first digits that it should have.
        expected: String,
        /// The hash that it has.
        found: String,
    },
    /// Hardly a tensor is the network's.
    #[error("{}: {compared}", path.display())]
    OtherNetwork {
        /// The file.
        path: PathBuf,
        /// The names on both sides.
        compared: Box<ComparedNames>,
    },
    /// Some tensors are missing, not known or of another shape: all of them, of which the text names up to twenty of each kind.
    #[error("{}: {}", path.display(), describe(missing, unknown, misshaped))]
    BadTensors {
        /// The file.
        path: PathBuf,
        /// The network has them, the file has not.
        missing: Vec<String>,
        /// The file has them, the network has not.
        unknown: Vec<String>,
        /// Both have them, in different shapes.
        misshaped: Vec<BadShape>,
    },
    /// The file could not be fetched.
    #[error(
        "cannot fetch {url}: {reason}; where there is no network, fetch it elsewhere and give it by --weights PATH"
    )]
    Download {
        /// Where it was sought.
        url: String,
        /// What went wrong.
        reason: String,
    },
    /// The system names no folder for caches.
    #[error("no folder for caches is known; fetch {url} and give it by --weights PATH")]
    NoCacheFolder {
        /// Where the file can be found.
        url: String,
    },
}

impl WeightsError {
    /// Wraps an I/O error with its file, for `map_err`.
    pub(super) fn io(path: &Path, action: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, action, source }
    }
}

fn describe(missing: &[String], unknown: &[String], misshaped: &[BadShape]) -> String {
    let quoted = |names: &[String]| {
        let first: Vec<String> = names.iter().take(FEW).map(|name| format!("`{name}`")).collect();
        format!("{}{}", first.join(", "), more(names.len()))
    };
    let mut parts = Vec::new();
    if !missing.is_empty() {
        parts.push(format!("lacks {}", quoted(missing)));
    }
    if !unknown.is_empty() {
        parts.push(format!("has {}, which the network has not", quoted(unknown)));
    }
    for (number, BadShape { name, expected, found }) in misshaped.iter().take(FEW).enumerate() {
        let more = if number + 1 == FEW { more(misshaped.len()) } else { String::new() };
        parts.push(format!("`{name}` must have shape {expected:?}, but has {found:?}{more}"));
    }
    parts.join("; ")
}

/// As many tensors of each kind are written out; the error itself has all of them.
const FEW: usize = 20;

fn more(count: usize) -> String {
    if count > FEW { format!(" and {} more", count - FEW) } else { String::new() }
}
