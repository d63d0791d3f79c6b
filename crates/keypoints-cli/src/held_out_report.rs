//! The reports of cross-validations and of ensembles.

use std::path::{Path, PathBuf};

use anyhow::Context;
use keypoints_data::Keypoint;
use keypoints_report::{Best, Cell, Column, HtmlReport, Section, Table};
use keypoints_train::cv::{CvFolder, CvReport};
use keypoints_train::ensemble::EnsembleReport;
use keypoints_train::metrics::ErrorReport;
use keypoints_train::study::Spread;
use serde::de::DeserializeOwned;

use crate::report_parts::{pictures_section, settings_section};

/// Writes `report.html` into the folder of a cross-validation: scores per fold and keypoint, pictures and settings in one file.
///
/// # Errors
/// With the file that cannot be read or written.
pub fn write_cv_report(folder: &Path) -> anyhow::Result<PathBuf> {
    let scores = folder.join("scores.json");
    let cv: CvReport = match scores.exists() {
        true => read(&scores, "the scores of a cross-validation")?,
        // No fold is finished yet.
        false => {
            let planned = CvFolder::open(folder)?.record().config.folds;
            CvReport { planned, ..Default::default() }
        }
    };
    let clean = cv.suspicious > 0;
    let row = |name: String, faces: usize, raw, clean_scores| Row {
        name,
        count: faces,
        raw,
        clean: clean.then_some(clean_scores),
    };
    let folds = cv.folds.iter().filter(|fold| fold.failure.is_none());
    let mut rows: Vec<Row<'_>> = folds
        .map(|fold| row(format!("fold {}", fold.fold), fold.faces, &fold.raw, &fold.clean))
        .collect();
    rows.push(row("all together".to_owned(), cv.rows, &cv.pooled, &cv.pooled_clean));

    let finished = format!("{} of {} folds are finished.", cv.folds.len(), cv.planned);
    let mut lead = vec![
        "Every face was answered by a network that never saw its picture.".to_owned(),
        format!(
            "Weighted error: {} over the folds{}.",
            pixels(&cv.spread.weighted),
            match clean {
                true => format!(
                    ", {} without {} suspicious rows",
                    pixels(&cv.spread.weighted_clean),
                    cv.suspicious
                ),
                false => String::new(),
            },
        ),
    ];
    if cv.folds.len() < cv.planned {
        lead.push(finished);
    }
    let failures = cv.folds.iter().filter_map(|fold| {
        Some(format!("Fold {} is not in it: {}.", fold.fold, fold.failure.as_ref()?))
    });
    lead.extend(failures);
    Page { title: "Cross-validation", lead, count: "faces", rows, rivals: false, record: "cv.json" }
        .write(folder)
}

/// Writes `report.html` into the folder of an ensemble: its scores beside those of its members, pictures and settings in one
/// file.
///
/// # Errors
/// With the file that cannot be read or written.
pub fn write_ensemble_report(folder: &Path) -> anyhow::Result<PathBuf> {
    let all: EnsembleReport = read(&folder.join("scores.json"), "the scores of an ensemble")?;
    let clean = all.suspicious > 0;
    let scores = all.members.iter().chain([&all.ensemble]);
    let rows = scores.map(|one| Row {
        name: one.name.clone(),
        count: one.runs,
        raw: &one.raw,
        clean: clean.then_some(&one.clean),
    });
    let rows: Vec<Row<'_>> = rows.collect();
    let lead = vec![format!(
        "{} rows that every member has held out, each answered by runs that never saw its picture.",
        all.rows
    )];
    Page { title: "Ensemble", lead, count: "runs", rows, rivals: true, record: "ensemble.json" }
        .write(folder)
}

fn read<T: DeserializeOwned>(path: &Path, what: &str) -> anyhow::Result<T> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("{}: cannot read", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{}: not {what}", path.display()))
}

fn pixels(spread: &Spread) -> String {
    match (spread.mean, spread.deviation) {
        (Some(mean), Some(deviation)) => format!("{mean:.3} ± {deviation:.3} pixels"),
        (Some(mean), None) => format!("{mean:.3} pixels"),
        _ => "not known yet".to_owned(),
    }
}

/// Whose scores they are.
struct Row<'a> {
    name: String,
    count: usize,
    raw: &'a ErrorReport,
    clean: Option<&'a ErrorReport>,
}

struct Page<'a> {
    title: &'static str,
    lead: Vec<String>,
    /// What is counted per row.
    count: &'static str,
    rows: Vec<Row<'a>>,
    /// Whether the lowest score says who is best: on the same faces.
    rivals: bool,
    /// The file with the settings.
    record: &'static str,
}

impl Page<'_> {
    fn write(&self, folder: &Path) -> anyhow::Result<PathBuf> {
        let record = folder.join(self.record);
        let settings = std::fs::read_to_string(&record)
            .with_context(|| format!("{}: cannot read", record.display()))?;
        let mut report = HtmlReport::new(format!("{} {}", self.title, folder.display()));
        for text in &self.lead {
            report = report.lead(text);
        }
        let mut scores = Section::new("Scores").table(self.scores());
        if self.rows.iter().any(|row| row.clean.is_some()) {
            scores = scores.text("“Clean” columns leave suspicious rows out.");
        }
        let pictures = pictures_section(&folder.join("pictures"))?;
        let path = folder.join("report.html");
        report
            .section(scores)
            .section(Section::new("Keypoints").table(self.keypoints()))
            .section(pictures)
            .section(settings_section(settings))
            .footer(concat!("facial-keypoints ", env!("CARGO_PKG_VERSION")))
            .write(&path)?;
        Ok(path)
    }

    fn scores(&self) -> Table {
        let clean = self.rows.iter().any(|row| row.clean.is_some());
        let mut columns = vec![Column::text(""), Column::number(self.count)];
        let score = |name: String| match self.rivals {
            true => Column::number(name).best(Best::Lowest),
            false => Column::number(name),
        };
        let names = ["weighted", "full faces", "four-point faces"];
        columns.extend(names.map(|name| score(format!("{name}, px"))));
        if clean {
            columns.extend(names.map(|name| score(format!("{name}, clean"))));
        }
        let cells = |of: &ErrorReport| {
            [of.weighted_rmse, of.rmse_full, of.rmse_four_point]
                .map(|value| Cell::number(value.unwrap_or(f64::NAN), 3))
        };
        let rows = self.rows.iter().map(|row| {
            let mut line = vec![Cell::from(row.name.clone()), Cell::number(row.count as f64, 0)];
            line.extend(cells(row.raw));
            line.extend(row.clean.into_iter().flat_map(cells));
            line
        });
        Table::new(columns).rows(rows)
    }

    fn keypoints(&self) -> Table {
        let mut columns = vec![Column::text("RMSE, px")];
        columns.extend(self.rows.iter().map(|row| Column::number(row.name.clone())));
        let rows = Keypoint::ALL.map(|keypoint| {
            let errors = self.rows.iter().map(|row| {
                let error = row.raw.per_keypoint.get(&keypoint).copied();
                Cell::number(error.unwrap_or(f64::NAN), 3)
            });
            let name = Cell::from(keypoint.name().replace('_', " "));
            [name].into_iter().chain(errors).collect::<Vec<_>>()
        });
        Table::new(columns).rows(rows)
    }
}
