//! Putting an ensemble together.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use burn::tensor::Device;
use keypoints_data::{FaceDataset, LabelRegime, Labels};

use super::copy::{copy_run, relative};
use super::fit::{Row, fit};
use super::member::{Ask, Member};
use super::record::{Combine, EnsembleRecord, FitRecord, MemberRecord, record_path};
use super::report::{EnsembleReport, EnsembleScore};
use super::weights::Weights;
use crate::cv::{CvFolder, Pool};
use crate::error::TrainError;
use crate::looks::Looks;
use crate::run::{DataRecord, HeldOutPredictions, RunFolder, write_json};
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
    let Some(first) = members.first() else {
        let (field, found) = ("members", "none".to_owned());
        return Err(TrainError::InvalidConfig { field, expected: "at least one folder", found });
    };
    let mut shared: Vec<usize> = first.held_out.keys().copied().collect();
    shared.retain(|row| members.iter().all(|member| member.held_out.contains_key(row)));
    let rows: Vec<Row> = shared
        .iter()
        .map(|row| Row {
            truth: dataset.labels()[*row],
            answers: members.iter().map(|member| member.held_out[row]).collect(),
        })
        .collect();
    let suspicious: Vec<bool> =
        shared.iter().map(|row| config.suspicious_rows.contains(&(row + 1))).collect();

    let (answers, weights) = match config.combine {
        Combine::Mean => (combined(&rows, |_| &EQUAL), None),
        Combine::Stacked { ridge, non_negative } => {
            let folds = shared_folds(&members)?;
            let fold_of: Vec<Option<usize>> =
                shared.iter().map(|row| folds.iter().position(|fold| fold.contains(row))).collect();
            // Weights of everything but a fold; of everything, for a fold that there is not.
            let fit_without = |fold: usize| {
                let kept = rows.iter().zip(&fold_of).zip(&suspicious);
                let kept = kept.filter(|((_, of), suspicious)| **of != Some(fold) && !**suspicious);
                let kept: Vec<&Row> = kept.map(|((row, _), _)| row).collect();
                fit(&kept, members.len(), ridge, non_negative)
            };
            let per_fold: Vec<Weights> = (0..folds.len()).map(fit_without).collect();
            let of_row = |row: usize| fold_of[row].map_or(&EQUAL, |fold| &per_fold[fold]);
            let left_out = suspicious.iter().filter(|&&one| one).count();
            let fit = FitRecord {
                rows: rows.len() - left_out,
                left_out,
                folds: folds.len(),
                weights: fit_without(folds.len()),
            };
            (combined(&rows, of_row), Some(fit))
        }
    };

    let truth: Vec<Labels> = rows.iter().map(|row| row.truth).collect();
    let score = |name: &str, runs: usize, predictions: Vec<Labels>| {
        let (truth, suspicious) = (truth.clone(), suspicious.clone());
        let (raw, clean) = Pool { truth, predictions, suspicious }.scores();
        EnsembleScore { name: name.to_owned(), runs, raw, clean }
    };
    let of_member = |(index, member): (usize, &Member)| {
        let own = rows.iter().map(|row| row.answers[index]).collect();
        score(&member.name, member.runs.len(), own)
    };
    let report = EnsembleReport {
        rows: rows.len(),
        suspicious: suspicious.iter().filter(|&&one| one).count(),
        combine: config.combine,
        looks: config.looks,
        members: members.iter().enumerate().map(of_member).collect(),
        ensemble: score(
            "ensemble",
            members.iter().map(|member| member.runs.len()).sum(),
            answers.clone(),
        ),
    };

    RunFolder::new(folder).create()?;
    // While this writes, the folder holds no ensemble, and no file of an older one's members is left among the new.
    let record = record_path(folder);
    if record.exists() {
        fs::remove_file(&record).map_err(TrainError::io(&record, "delete"))?;
    }
    let copies = folder.join(COPIES);
    if config.copy && copies.exists() {
        fs::remove_dir_all(&copies).map_err(TrainError::io(&copies, "delete"))?;
    }
    let regimes: Vec<LabelRegime> = truth.iter().map(Labels::regime).collect();
    HeldOutPredictions::of(&shared, &regimes, &answers).write(&folder.join("predictions.csv"))?;
    report.write(folder)?;
    let record = EnsembleRecord {
        program: concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION")).to_owned(),
        data: Some(data),
        members: place(&members, folder, config.copy)?,
        combine: config.combine,
        looks: config.looks,
        fit: weights,
    };
    // Last: a folder with this file is whole.
    write_json(&record_path(folder), &record)?;
    Ok(report)
}

/// Where copies of the members go.
const COPIES: &str = "members";

/// Refuses to write over a run, or into a folder that a member lies in.
fn check_place(members: &[PathBuf], folder: &Path) -> Result<(), TrainError> {
    let whole = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let place = whole(folder);
    let taken = RunFolder::new(folder).exists() || CvFolder::exists(folder);
    if taken || members.iter().any(|member| whole(member).starts_with(&place)) {
        return Err(TrainError::InvalidConfig {
            field: "out",
            expected: "a folder that no member lies in",
            found: folder.display().to_string(),
        });
    }
    Ok(())
}

/// All members count alike.
static EQUAL: Weights = Weights(std::collections::BTreeMap::new());

/// The answer of the ensemble per row, by the weights for that row.
fn combined<'a>(rows: &[Row], weights: impl Fn(usize) -> &'a Weights) -> Vec<Labels> {
    let one =
        |(index, row): (usize, &Row)| weights(index).combine(row.truth.regime(), &row.answers);
    rows.iter().enumerate().map(one).collect()
}

/// The folds that all members have, where all have the same.
fn shared_folds(members: &[Member]) -> Result<Vec<&BTreeSet<usize>>, TrainError> {
    let refuse = |found: String| {
        Err(TrainError::InvalidConfig {
            field: "combine",
            expected: "mean, unless all members are cross-validations with the same folds",
            found,
        })
    };
    let Some((first, others)) = members.split_first() else { return Ok(Vec::new()) };
    if let Some(other) = others.iter().find(|other| other.folds != first.folds) {
        return refuse(format!(
            "stacked, and `{}` has other folds than `{}`",
            other.name, first.name
        ));
    }
    if first.folds.len() < 2 {
        return refuse(format!("stacked, and `{}` has one fold", first.name));
    }
    Ok(first.folds.iter().collect())
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

/// Where the members' runs lie, seen from the folder; copied there first, if asked for.
fn place(members: &[Member], folder: &Path, copy: bool) -> Result<Vec<MemberRecord>, TrainError> {
    let mut records = Vec::new();
    for (number, member) in members.iter().enumerate() {
        let mut runs = Vec::new();
        for (index, run) in member.runs.iter().enumerate() {
            if copy {
                let place = Path::new(COPIES).join(format!("{}-{}", number + 1, index + 1));
                copy_run(run, &RunFolder::new(folder.join(&place)))?;
                runs.push(place);
            } else {
                runs.push(relative(folder, run.path())?);
            }
        }
        records.push(MemberRecord { name: member.name.clone(), runs });
    }
    Ok(records)
}
