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
use crate::cv::Pool;
use crate::error::TrainError;
use crate::looks::Looks;
use crate::run::{DataRecord, FolderKind, HeldOutPredictions, RunFolder, write_json};
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
    if record_file.exists() {
        fs::remove_file(&record_file).map_err(TrainError::io(&record_file, "delete"))?;
    }
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

/// The rows that all members have held out, and what each says of them.
struct Shared {
    /// Rows of the dataset, counted from 0.
    numbers: Vec<usize>,
    rows: Vec<Row>,
    suspicious: Vec<bool>,
}

impl Shared {
    fn of(
        members: &[Member],
        dataset: &FaceDataset,
        suspicious_rows: &[usize],
    ) -> Result<Self, TrainError> {
        let Some(first) = members.first() else {
            let (field, found) = ("members", "none".to_owned());
            return Err(TrainError::InvalidConfig {
                field,
                expected: "at least one folder",
                found,
            });
        };
        let mut numbers: Vec<usize> = first.held_out.keys().copied().collect();
        numbers.retain(|row| members.iter().all(|member| member.held_out.contains_key(row)));
        let row = |row: &usize| Row {
            truth: dataset.labels()[*row],
            answers: members.iter().map(|member| member.held_out[row]).collect(),
        };
        let rows = numbers.iter().map(row).collect();
        let suspicious = numbers.iter().map(|row| suspicious_rows.contains(&(row + 1))).collect();
        Ok(Self { numbers, rows, suspicious })
    }

    fn truth(&self) -> Vec<Labels> {
        self.rows.iter().map(|row| row.truth).collect()
    }

    /// The answer of the ensemble per row, by the weights for that row.
    fn combined<'a>(&self, weights: impl Fn(usize) -> &'a Weights) -> Vec<Labels> {
        let one =
            |(index, row): (usize, &Row)| weights(index).combine(row.truth.regime(), &row.answers);
        self.rows.iter().enumerate().map(one).collect()
    }

    /// The answers by weights that were fitted without each row's own fold, and the weights that were fitted to all.
    fn stacked(
        &self,
        members: &[Member],
        ridge: f64,
        non_negative: bool,
    ) -> Result<(Vec<Labels>, Option<FitRecord>), TrainError> {
        let folds = shared_folds(members)?;
        let fold_of: Vec<Option<usize>> = self
            .numbers
            .iter()
            .map(|row| folds.iter().position(|fold| fold.contains(row)))
            .collect();
        // Weights of everything but a fold; of everything, for a fold that there is not.
        let fit_without = |fold: usize| {
            let kept = self.rows.iter().zip(&fold_of).zip(&self.suspicious);
            let kept = kept.filter(|((_, of), suspicious)| **of != Some(fold) && !**suspicious);
            let kept: Vec<&Row> = kept.map(|((row, _), _)| row).collect();
            fit(&kept, members.len(), ridge, non_negative)
        };
        let per_fold: Vec<Weights> = (0..folds.len()).map(fit_without).collect();
        let of_row = |row: usize| fold_of[row].map_or(&EQUAL, |fold| &per_fold[fold]);
        let left_out = self.left_out();
        let record = FitRecord {
            rows: self.rows.len() - left_out,
            left_out,
            folds: folds.len(),
            weights: fit_without(folds.len()),
        };
        Ok((self.combined(of_row), Some(record)))
    }

    /// How many rows are suspicious.
    fn left_out(&self) -> usize {
        self.suspicious.iter().filter(|&&one| one).count()
    }

    /// The scores of these answers, beside those of the members alone.
    fn report(
        &self,
        config: &EnsembleConfig,
        members: &[Member],
        answers: &[Labels],
    ) -> EnsembleReport {
        let score = |name: &str, runs: usize, predictions: Vec<Labels>| {
            let (truth, suspicious) = (self.truth(), self.suspicious.clone());
            let (raw, clean) = Pool { truth, predictions, suspicious }.scores();
            EnsembleScore { name: name.to_owned(), runs, raw, clean }
        };
        let of_member = |(index, member): (usize, &Member)| {
            let own = self.rows.iter().map(|row| row.answers[index]).collect();
            score(&member.name, member.runs.len(), own)
        };
        let runs = members.iter().map(|member| member.runs.len()).sum();
        EnsembleReport {
            rows: self.rows.len(),
            suspicious: self.left_out(),
            combine: config.combine,
            looks: config.looks,
            members: members.iter().enumerate().map(of_member).collect(),
            ensemble: score("ensemble", runs, answers.to_vec()),
        }
    }
}

/// Where copies of the members go.
const COPIES: &str = "members";
/// Where they are made: a disk that is too small for them costs no older ensemble.
const DRAFT: &str = "members.tmp";

/// Deletes a folder, if there is one.
fn delete(folder: &Path) -> Result<(), TrainError> {
    match folder.exists() {
        true => fs::remove_dir_all(folder).map_err(TrainError::io(folder, "delete")),
        false => Ok(()),
    }
}

/// Puts finished copies in the place of older ones.
fn put_copies(folder: &Path) -> Result<(), TrainError> {
    let copies = folder.join(COPIES);
    delete(&copies)?;
    fs::rename(folder.join(DRAFT), &copies).map_err(TrainError::io(&copies, "write"))
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

/// All members count alike.
static EQUAL: Weights = Weights(std::collections::BTreeMap::new());

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

/// Where the members' runs lie, or will lie, seen from the folder. If asked for, copies of them are made, for [`put_copies`].
fn place(members: &[Member], folder: &Path, copy: bool) -> Result<Vec<MemberRecord>, TrainError> {
    if !copy {
        return members
            .iter()
            .map(|member| {
                let runs = member.runs.iter().map(|run| relative(folder, run.path()));
                Ok(MemberRecord {
                    name: member.name.clone(),
                    runs: runs.collect::<Result<_, _>>()?,
                })
            })
            .collect();
    }
    let draft = folder.join(DRAFT);
    delete(&draft)?;
    let copied = copies(members, &draft);
    if copied.is_err() {
        // Give the room back: the disk may be full.
        let _ = fs::remove_dir_all(&draft);
    }
    copied
}

/// Copies the members' runs into a folder; says where they will lie.
fn copies(members: &[Member], draft: &Path) -> Result<Vec<MemberRecord>, TrainError> {
    let mut records = Vec::new();
    for (number, member) in members.iter().enumerate() {
        let mut runs = Vec::new();
        for (index, run) in member.runs.iter().enumerate() {
            let name = format!("{}-{}", number + 1, index + 1);
            copy_run(run, &RunFolder::new(draft.join(&name)))?;
            runs.push(Path::new(COPIES).join(name));
        }
        records.push(MemberRecord { name: member.name.clone(), runs });
    }
    Ok(records)
}
