//! Putting an ensemble together.

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use keypoints_core::{Dataset, Labels, Source};
use keypoints_predict::TestTimeAugmentation;
use keypoints_train::files::{delete, write_json};
use keypoints_train::{DataRecord, HeldOutPredictions, RunFolder};

use super::member::{Ask, Member};
use super::place::{place, put_copies};
use super::record::{EnsembleRecord, record_path};
use super::scores::{EnsembleReport, EnsembleScore};
use crate::error::{StudyError, require};
use crate::kind::FolderKind;
use crate::mean::mean_of_all;
use crate::scores::{Scores, check_suspicious};
use crate::text::{PROGRAM, free_name};

/// Whose predictions are averaged.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EnsembleConfig {
    /// Folders of runs and of cross-validations, trained on the same data.
    pub members: Vec<PathBuf>,
    /// Test-time augmentation of every run, here and later; `None` for its own settings.
    pub tta: Option<TestTimeAugmentation>,
    /// Whether the members are copied into the folder of the ensemble.
    pub copy: bool,
    /// Rows, counted from 1, that a second score leaves out.
    pub suspicious_rows: Vec<usize>,
}

/// Writes the folder of an ensemble, and scores it and its members on the rows that all members have held out. An older ensemble in
/// the folder is replaced. Where runs predict anew, because of another [`tta`](EnsembleConfig::tta) for example, `progress` is told how
/// many of how many faces the current one has predicted.
///
/// # Errors
/// [`StudyError::Invalid`] without members or with one that is a file; [`TrainError`](keypoints_train::TrainError) with a file, also
/// where a member was trained on other data or claims to have held out what it was trained on.
pub fn build(
    config: &EnsembleConfig,
    folder: &Path,
    dataset: &Dataset,
    device: &Device,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<EnsembleReport, StudyError> {
    check_suspicious(&config.suspicious_rows, dataset)?;
    check_place(&config.members, folder)?;
    let data = DataRecord::of(dataset);
    let mut members: Vec<Member> = Vec::new();
    for path in &config.members {
        let name = path.file_name().map_or("member".into(), |name| name.to_string_lossy());
        let name = free_name(&name, |name| members.iter().any(|member| member.name == name));
        let mut ask = Ask { dataset, device, tta: config.tta, progress: &mut *progress };
        members.push(Member::open(path, name, &data, &mut ask)?);
    }
    let rows = shared_rows(&members)?;
    let of_member = |member: &Member| rows.iter().map(|row| member.held_out[row].clone()).collect();
    let of_members: Vec<Vec<Labels>> = members.iter().map(of_member).collect();
    let sources: Vec<Source> = rows.iter().map(|&row| dataset.sources()[row]).collect();
    let held_out = |found: &[Labels]| HeldOutPredictions::of(&rows, &sources, found);
    let score = |name: &str, runs: usize, found: &HeldOutPredictions| {
        let mut scores = Scores::of(found, dataset, &config.suspicious_rows);
        scores.forget_faces();
        EnsembleScore { name: name.to_owned(), runs, scores }
    };
    let together = held_out(&mean_of_all(&of_members));
    let ensemble = score("ensemble", members.iter().map(|one| one.runs.len()).sum(), &together);
    let alone = members.iter().zip(&of_members);
    let alone = alone.map(|(one, found)| score(&one.name, one.runs.len(), &held_out(found)));
    let report = EnsembleReport {
        rows: rows.len(),
        suspicious: ensemble.scores.suspicious,
        tta: config.tta,
        members: alone.collect(),
        ensemble,
    };

    let _lock = RunFolder::new(folder).lock()?;
    let record = EnsembleRecord {
        program: PROGRAM.to_owned(),
        data: Some(data),
        members: place(&members, folder, config.copy)?,
        tta: config.tta,
    };
    // While this writes, the folder holds no ensemble, and no file of an older one's members is left among the new.
    let record_file = record_path(folder);
    delete(&record_file)?;
    if config.copy {
        put_copies(folder)?;
    }
    together.write(dataset.schema(), &folder.join("predictions.csv"))?;
    report.write(folder)?;
    // Last: a folder with this file is whole.
    write_json(&record_file, &record)?;
    Ok(report)
}

/// The rows that all members have held out, counted from 0.
fn shared_rows(members: &[Member]) -> Result<Vec<usize>, StudyError> {
    require(!members.is_empty(), "members", "at least one folder", "none")?;
    let in_all = |row: &usize| members.iter().all(|member| member.held_out.contains_key(row));
    Ok(members[0].held_out.keys().copied().filter(in_all).collect())
}

/// Refuses members that are files, and a folder that holds anything else or in which a member lies.
fn check_place(members: &[PathBuf], folder: &Path) -> Result<(), StudyError> {
    for member in members {
        let expected = "folders of runs and of cross-validations, which know their held-out rows";
        let found = format!("the file {}", member.display());
        require(!member.is_file(), "members", expected, found)?;
    }
    FolderKind::Ensemble.claim(folder)?;
    let whole = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let inside = members.iter().any(|member| whole(member).starts_with(whole(folder)));
    require(!inside, "out", "a folder in which no member lies", folder.display())
}
