//! Putting an ensemble together.

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use keypoints_data::{FaceDataset, LabelRegime, Labels};

use super::member::{Ask, Member};
use super::place::{place, put_copies};
use super::record::{Combine, EnsembleRecord, record_path};
use super::report::EnsembleReport;
use super::shared::{EQUAL, Shared};
use crate::error::TrainError;
use crate::looks::Looks;
use crate::run::{DataRecord, FolderKind, HeldOutPredictions, RunFolder, delete, write_json};
use crate::suspicious::check_row_numbers;

/// Which members, and how their answers become one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EnsembleConfig {
    /// Folders of runs and of cross-validations, trained on the same data.
    pub members: Vec<PathBuf>,
    /// How their answers become one. Weights can only be fitted to cross-validations with the same folds.
    pub combine: Combine,
    /// How often every run looks at a face, here and later; `None` as its own settings say, and as it has answered when it was
    /// trained.
    pub looks: Option<Looks>,
    /// Whether the members are copied into the folder of the ensemble.
    pub copy: bool,
    /// Rows, counted from 1, that no weight is fitted to and that a second score leaves out.
    pub suspicious_rows: Vec<usize>,
}

/// Writes the folder of an ensemble, and scores it and its members on the rows that all members have held out. An
/// older ensemble in the folder is replaced.
///
/// Stacked weights are scored fold by fold, with weights that were fitted on the other folds; those that are written
/// down are fitted on all.
///
/// # Errors
/// [`TrainError::InvalidConfig`] without members, with one that is a file, or where weights shall be fitted to members that do not share their
/// folds; [`TrainError::BadRunFile`] or [`TrainError::Io`] with a file, also where a member was trained on other data or
/// claims to have held out what it was trained on.
pub fn build(
    config: &EnsembleConfig,
    folder: &Path,
    dataset: &FaceDataset,
    device: &Device,
) -> Result<EnsembleReport, TrainError> {
    build_with(config, folder, dataset, device, &mut |_, _| ())
}

/// Like [`build`]. Where runs have to be asked, because of other [`looks`](EnsembleConfig::looks) for example, `progress` is told how many of
/// how many faces the one has answered that is asked now.
///
/// # Errors
/// As [`build`].
pub fn build_with(
    config: &EnsembleConfig,
    folder: &Path,
    dataset: &FaceDataset,
    device: &Device,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<EnsembleReport, TrainError> {
    config.combine.check()?;
    check_row_numbers(&config.suspicious_rows, dataset)?;
    check_place(&config.members, folder)?;
    if let Some(file) = config.members.iter().find(|path| path.is_file()) {
        return Err(TrainError::InvalidConfig {
            field: "members",
            expected: "folders of runs and of cross-validations, which know what rows they have held out",
            found: format!("the file {}", file.display()),
        });
    }
    let data = DataRecord::of(dataset);
    let mut members: Vec<Member> = Vec::new();
    for path in &config.members {
        let name = new_name(path, &members);
        let mut ask = Ask { dataset, device, looks: config.looks, progress: &mut *progress };
        members.push(Member::open(path, name, &data, &mut ask)?);
    }
    let shared = Shared::of(&members, dataset, &config.suspicious_rows)?;
    let (answers, fit) = match config.combine {
        Combine::Mean => (shared.combined(|_| &EQUAL), None),
        Combine::Stacked { ridge, non_negative } => {
            shared.stacked(&members, ridge, non_negative)?
        }
    };
    let report = shared.report(config, &members, &answers);

    RunFolder::new(folder).create()?;
    let record = EnsembleRecord {
        program: concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION")).to_owned(),
        data: Some(data),
        members: place(&members, folder, config.copy)?,
        combine: config.combine,
        looks: config.looks,
        fit,
    };
    // While this writes, the folder holds no ensemble, and no file of an older one's members is left among the new.
    let record_file = record_path(folder);
    delete(&record_file)?;
    if config.copy {
        put_copies(folder)?;
    }
    let regimes: Vec<LabelRegime> = shared.truth().iter().map(Labels::regime).collect();
    HeldOutPredictions::of(&shared.numbers, &regimes, &answers)
        .write(&folder.join("predictions.csv"))?;
    report.write(folder)?;
    // Last: a folder with this file is whole.
    write_json(&record_file, &record)?;
    Ok(report)
}

/// Refuses to write over anything else, or into a folder that a member lies in.
fn check_place(members: &[PathBuf], folder: &Path) -> Result<(), TrainError> {
    let whole = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let place = whole(folder);
    FolderKind::Ensemble.claim(folder)?;
    if members.iter().any(|member| whole(member).starts_with(&place)) {
        return Err(TrainError::InvalidConfig {
            field: "out",
            expected: "a folder that no member lies in",
            found: folder.display().to_string(),
        });
    }
    Ok(())
}

/// The last part of the path, numbered where another member has that name.
fn new_name(path: &Path, members: &[Member]) -> String {
    let plain = path.file_name().map_or("member".into(), |name| name.to_string_lossy());
    let taken = |name: &str| members.iter().any(|member| member.name == name);
    if !taken(&plain) {
        return plain.into_owned();
    }
    let numbered = |number: usize| format!("{plain}-{number}");
    let free = (2..=members.len() + 2).map(numbered).find(|name| !taken(name));
    free.unwrap_or_else(|| plain.into_owned())
}
