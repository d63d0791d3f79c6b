//! The report of a run.

use std::path::PathBuf;

use anyhow::Context;
use keypoints_core::{ErrorReport, RelativeErrors};
use keypoints_kaggle::Submission;
use keypoints_report::{Best, Cell, Column, HtmlReport, Section, Table};
use keypoints_train::strategy::ModelId;
use keypoints_train::{EpochRecord, RunFolder, RunRecord};

use crate::report_parts::{pictures_section, settings_section};
use crate::scores::relative_rows;
use crate::session::relative_errors_path;

/// Writes `report.html` into a run folder: scores, epochs, pictures and settings in one file that can be sent
/// by mail and read on a telephone.
///
/// # Errors
/// If the folder holds no run, or with the file that cannot be read or written.
pub fn write_run_report(run: &RunFolder) -> anyhow::Result<PathBuf> {
    let record = RunRecord::read(run)?;
    let strategy = record.custom_strategy.as_deref().unwrap_or(record.config.strategy.name());
    let mut report = HtmlReport::new(format!("{} by {strategy}", record.config.network.name()))
        .lead(format!("The run in {}.", run.path().display()));
    let scores_path = run.scores_path();
    if let Ok(text) = std::fs::read_to_string(&scores_path) {
        let scores: ErrorReport = serde_json::from_str(&text)
            .with_context(|| format!("{}: not the scores of a run", scores_path.display()))?;
        report = report.section(scores_section(&scores));
    }
    let relative_path = relative_errors_path(run);
    if let Ok(text) = std::fs::read_to_string(&relative_path) {
        let errors: RelativeErrors = serde_json::from_str(&text)
            .with_context(|| format!("{}: not relative errors", relative_path.display()))?;
        report = report.section(relative_section(&errors));
    }
    let submission = run.path().join("submission.csv");
    if let Ok(answers) = Submission::read(&submission) {
        let answers = answers.len();
        let text = format!("{answers} answers; submit --check says what Kaggle would say of them.");
        let facts = [("file", submission.display().to_string())];
        report = report.section(Section::new("Submission").facts(facts).text(text));
    }
    let pictures = pictures_section(&run.pictures_path())?;
    report = report.section(pictures);
    for (model, folder) in model_folders(run)? {
        report = report.section(training_section(&model, &folder)?);
    }
    let settings = serde_json::to_string_pretty(&record)?;
    let path = run.path().join("report.html");
    report.section(settings_section(settings)).footer(record.program).write(&path)?;
    Ok(path)
}

/// The networks of a run so far, in the order of their names.
fn model_folders(run: &RunFolder) -> anyhow::Result<Vec<(ModelId, RunFolder)>> {
    if run.model_path().exists() {
        return Ok(vec![(ModelId::only(), run.clone())]);
    }
    let models = run.path().join("models");
    if !models.exists() {
        return Ok(Vec::new());
    }
    let entries =
        std::fs::read_dir(&models).with_context(|| format!("{}: cannot read", models.display()))?;
    let mut names: Vec<String> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    let folder = |name: String| {
        let model = ModelId::named(name);
        let folder = run.model(&model);
        (model, folder)
    };
    // One that was only just begun has no record yet.
    let begun = |(_, folder): &(ModelId, RunFolder)| folder.model_path().exists();
    Ok(names.into_iter().map(folder).filter(begun).collect())
}

fn scores_section(scores: &ErrorReport) -> Section {
    let px = |value: Option<f64>| Cell::number(value.unwrap_or(f64::NAN), 3);
    let mut summary = Table::new([Column::text("held-out faces"), Column::number("RMSE, px")]);
    if scores.weighted_rmse.is_some() {
        summary = summary.row([Cell::from("weighted by label source"), px(scores.weighted_rmse)]);
    }
    for (source, &rmse) in scores.sources.iter() {
        summary = summary.row([Cell::from(format!("label source {source}")), px(Some(rmse))]);
    }
    let summary = summary.row([Cell::from("all labels"), px(scores.rmse)]);
    let keypoints = scores
        .per_keypoint
        .iter()
        .map(|(keypoint, &rmse)| [Cell::from(keypoint.replace('_', " ")), Cell::number(rmse, 3)]);
    let keypoints =
        Table::new([Column::text("keypoint"), Column::number("RMSE, px")]).rows(keypoints);
    Section::new("Scores").table(summary).table(keypoints)
}

fn relative_section(errors: &RelativeErrors) -> Section {
    let columns = || [Column::text("held-out rows"), Column::number("% of the unit")];
    let rows = relative_rows(errors)
        .into_iter()
        .map(|(name, value)| [Cell::from(name), Cell::from(value)]);
    let keypoint = |(name, &error): (&str, &f64)| {
        [Cell::from(name.replace('_', " ")), Cell::number(100.0 * error, 2)]
    };
    Section::new("Errors relative to the size")
        .table(Table::new(columns()).rows(rows))
        .table(Table::new(columns()).rows(errors.keypoints.iter().map(keypoint)))
}

fn training_section(model: &ModelId, folder: &RunFolder) -> anyhow::Result<Section> {
    let record = folder.model_record()?;
    let epochs = EpochRecord::read_all(folder)?;
    let columns = [
        Column::number("epoch"),
        Column::number("training, px"),
        Column::number("validation, px").best(Best::Lowest),
        Column::number("learning rate"),
        Column::number("seconds"),
    ];
    let rows = epochs.iter().map(|one| {
        let score = one.validation.as_ref().and_then(ErrorReport::score).unwrap_or(f64::NAN);
        [
            Cell::number(one.epoch as f64, 0),
            Cell::number(one.train_rmse, 3),
            Cell::number(score, 3),
            Cell::from(format!("{:.1e}", one.learning_rate)),
            Cell::number(one.seconds, 1),
        ]
    });
    let heading = if model.is_only() {
        "Training".to_owned()
    } else {
        format!("Training of the network {model}")
    };
    let images = epochs.last().map_or(0, |one| one.images);
    Ok(Section::new(heading)
        .facts([
            ("rows", record.training.rows.to_string()),
            ("labels", record.training.labels.to_string()),
            ("outputs", record.network.outputs().to_string()),
            ("images seen", images.to_string()),
        ])
        .table(Table::new(columns).rows(rows)))
}

#[cfg(test)]
mod tests;
