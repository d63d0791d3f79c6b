//! The reports of studies and of ensembles.

use std::path::{Path, PathBuf};

use anyhow::Context;
use keypoints_study::cv::CvReport;
use keypoints_study::ensemble::EnsembleReport;
use keypoints_study::{StudyFolder, Summary};
use keypoints_train::settings::describe;
use serde::de::DeserializeOwned;

use crate::report_page::Page;

/// The record of a study.
const STUDY: &str = "study.json";

/// Writes `report.html` into the folder of a comparison or of a search: tables, pictures and settings in one file.
///
/// # Errors
/// With the file that cannot be read or written.
pub fn write_study_report(folder: &StudyFolder, summary: &Summary) -> anyhow::Result<PathBuf> {
    let search = folder.record().study.is_search();
    let mut lead = vec![
        "All cells were trained alike, on the same folds and seeds, and scored on faces that they never saw.".to_owned(),
        format!("{}.", summary.status()),
    ];
    if let Some(best) = summary.best() {
        let score = best.score().unwrap_or_default();
        let set = if search { format!(" ({})", describe(&best.set)) } else { String::new() };
        lead.push(format!("Lowest score: {}{set}, {score:.3} px.", best.name.replace('_', " ")));
    }
    let title = if search { "Search" } else { "Comparison" };
    Page { title, lead, summary, rivals: true, record: STUDY }.write(folder.path())
}

/// Writes `report.html` into the folder of a cross-validation: scores per fold and keypoint, pictures and settings in one file.
///
/// # Errors
/// With the file that cannot be read or written.
pub fn write_cv_report(folder: &StudyFolder) -> anyhow::Result<PathBuf> {
    let scores = folder.path().join("scores.json");
    if !scores.exists() {
        // No fold is finished yet.
        return write_study_report(folder, &folder.summarise()?);
    }
    let cv: CvReport = read(&scores, "the scores of a cross-validation")?;
    let mut lead = vec![
        "Every face was predicted by a network that never saw its picture.".to_owned(),
        format!("Score over the folds: {} px.", cv.mean.raw().to_text(3)),
    ];
    if cv.pooled.suspicious > 0 {
        let (clean, rows) = (cv.mean.clean().to_text(3), cv.pooled.suspicious);
        lead.push(format!("Without {rows} suspicious rows: {clean} px."));
    }
    if cv.folds.len() < cv.planned {
        lead.push(format!("{} of {} folds are finished.", cv.folds.len(), cv.planned));
    }
    lead.extend(cv.folds.iter().filter_map(|fold| {
        Some(format!("Fold {} is not in it: {}.", fold.fold, fold.failure.as_ref()?))
    }));
    let summary = cv.summary();
    Page { title: "Cross-validation", lead, summary: &summary, rivals: false, record: STUDY }
        .write(folder.path())
}

/// Writes `report.html` into the folder of an ensemble: its scores beside those of its members, pictures and settings in one file.
///
/// # Errors
/// With the file that cannot be read or written.
pub fn write_ensemble_report(folder: &Path) -> anyhow::Result<PathBuf> {
    let all: EnsembleReport = read(&folder.join("scores.json"), "the scores of an ensemble")?;
    let lead = vec![format!(
        "{} rows that every member has held out, each predicted by runs that never saw its picture.",
        all.rows
    )];
    let (title, record, summary) = ("Ensemble", "ensemble.json", all.summary());
    Page { title, lead, summary: &summary, rivals: true, record }.write(folder)
}

fn read<T: DeserializeOwned>(path: &Path, what: &str) -> anyhow::Result<T> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("{}: cannot read", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{}: not {what}", path.display()))
}
