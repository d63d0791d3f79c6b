//! What a folder holds.

use std::fmt;
use std::path::Path;

use crate::error::TrainError;

/// What the programs make folders of. Each writes a record of its own there, by which it is known.
///
/// ```
/// use keypoints_train::FolderKind;
///
/// let folder = tempfile::tempdir()?;
/// assert_eq!(FolderKind::of(folder.path()), None);
/// std::fs::write(folder.path().join("cv.json"), "{}")?;
/// assert_eq!(FolderKind::of(folder.path()), Some(FolderKind::CrossValidation));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FolderKind {
    /// A [run](crate::RunFolder).
    Run,
    /// A [cross-validation](crate::cv).
    CrossValidation,
    /// A [comparison](crate::study).
    Study,
    /// A [sweep](crate::sweep).
    Sweep,
    /// An [ensemble](crate::ensemble).
    Ensemble,
}

impl FolderKind {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Run, Self::CrossValidation, Self::Study, Self::Sweep, Self::Ensemble];

    /// The file that makes a folder one of these.
    pub const fn record(self) -> &'static str {
        match self {
            Self::Run => "run.json",
            Self::CrossValidation => "cv.json",
            Self::Study => "study.json",
            Self::Sweep => "sweep.json",
            Self::Ensemble => "ensemble.json",
        }
    }

    /// What the folder holds, if anything of these.
    pub fn of(folder: &Path) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.is_in(folder))
    }

    /// Whether the folder holds this.
    pub(crate) fn is_in(self, folder: &Path) -> bool {
        folder.join(self.record()).exists()
    }

    /// Refuses a folder that holds something else: two of them would write over each other's scores and predictions.
    pub(crate) fn claim(self, folder: &Path) -> Result<(), TrainError> {
        match Self::ALL.into_iter().find(|&kind| kind != self && kind.is_in(folder)) {
            None => Ok(()),
            Some(holds) => {
                Err(TrainError::FolderTaken { path: folder.to_owned(), holds, wanted: self })
            }
        }
    }
}

impl fmt::Display for FolderKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Run => "a run",
            Self::CrossValidation => "a cross-validation",
            Self::Study => "a comparison",
            Self::Sweep => "a sweep",
            Self::Ensemble => "an ensemble",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_folder_holds_one_thing() {
        let folder = tempfile::tempdir().unwrap();
        for kind in FolderKind::ALL {
            let record = folder.path().join(kind.record());
            std::fs::write(&record, "{}").unwrap();
            assert_eq!(FolderKind::of(folder.path()), Some(kind));
            for wanted in FolderKind::ALL {
                let claimed = wanted.claim(folder.path());
                assert_eq!(claimed.is_ok(), wanted == kind, "{wanted} where {kind} is");
            }
            std::fs::remove_file(record).unwrap();
        }
        std::fs::write(folder.path().join("cv.json"), "{}").unwrap();
        let error = FolderKind::Run.claim(folder.path()).unwrap_err().to_string();
        assert!(
            error.ends_with("this folder holds a cross-validation, so a run needs another"),
            "{error}"
        );
    }
}
