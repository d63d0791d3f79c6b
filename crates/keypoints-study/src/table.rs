//! The one table of experiments, as Markdown and CSV.

use std::fmt::Write;

use keypoints_data::Keypoint;
use keypoints_train::settings::short;

use crate::effect;
use crate::mean::{MeanStd, number};
use crate::scores::SCORE_COLUMNS;
use crate::summary::{Summary, SummaryRow};
use crate::text::{csv_line, markdown};

/// A column: its name with the unit, and how a row fills it.
type Column<'a> = (String, Box<dyn Fn(&SummaryRow) -> String + 'a>);

/// What the columns mean.
const NOTE: &str = "Mean ± standard deviation over folds and seeds, on held-out rows. Where the settings keep the `best` checkpoint, it \
was selected on the same rows. NME: mean distance over the labelled keypoints of a face, as a share of the distance between the eye \
centres. Failures: faces with more than 10 %. AUC: area under the cumulative error curve up to there.";

impl Summary {
    fn columns(&self) -> Vec<Column<'_>> {
        fn column<'a>(name: &str, cell: impl Fn(&SummaryRow) -> String + 'a) -> Column<'a> {
            (name.to_owned(), Box::new(cell))
        }
        let first = self.rows.first().map(|row| row.network.as_str());
        let networks = self.rows.iter().any(|row| Some(row.network.as_str()) != first);
        let mut columns = vec![
            column(if self.parameters.is_empty() { "" } else { "trial" }, |row| row.name.clone()),
            column("network", move |row| match networks {
                true => row.network.clone(),
                false => String::new(),
            }),
        ];
        for name in &self.parameters {
            columns.push(column(name, |row| row.set.get(name).map(short).unwrap_or_default()));
        }
        for (at, (name, _)) in SCORE_COLUMNS.iter().enumerate() {
            columns.push(column(name, move |row| mean(row.raw.get(at))));
        }
        for (at, (name, _)) in SCORE_COLUMNS.iter().enumerate() {
            let name = format!("{name}, without suspicious rows");
            columns.push(column(&name, move |row| mean(row.clean.get(at))));
        }
        let percent =
            |value: &MeanStd, decimals| number(value.mean.map(|one| 100.0 * one), decimals);
        columns.extend([
            column("NME, %", move |row| percent(&row.nme, 2)),
            column("failures, %", move |row| percent(&row.failure_rate, 1)),
            column("AUC", |row| number(row.auc.mean, 3)),
            column("faces", |row| number(row.faces.mean, 0)),
            column("runs", runs),
            column("images seen", |row| number(row.images.mean, 0)),
            column("minutes", |row| number(row.seconds.mean.map(|seconds| seconds / 60.0), 1)),
        ]);
        columns
    }

    /// Returns the names of the columns and the cells, row by row. Columns without any text are left out.
    pub fn cells(&self) -> (Vec<String>, Vec<Vec<String>>) {
        let mut columns = self.columns();
        columns.retain(|(_, cell)| self.rows.iter().any(|row| !cell(row).is_empty()));
        let row = |row| columns.iter().map(|(_, cell)| cell(row)).collect();
        let rows = self.rows.iter().map(row).collect();
        (columns.into_iter().map(|(name, _)| name).collect(), rows)
    }

    /// What the columns mean.
    pub fn note() -> &'static str {
        NOTE
    }

    /// Returns the table as Markdown: scores, what is missing or failed, and what each change brings.
    pub fn to_markdown(&self) -> String {
        let (columns, rows) = self.cells();
        let mut text = match rows.is_empty() {
            true => String::new(),
            false => markdown(&columns, 1, &rows) + "\n" + NOTE + "\n",
        };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "\n{}.", self.status());
        for row in self.rows.iter().filter(|row| row.failed > 0) {
            let failure = row.failure.as_deref().unwrap_or_default();
            let _ = writeln!(text, "- {} failed: {failure}", row.name);
        }
        if let Some(reference) = self.reference.as_ref().filter(|_| !self.effects.is_empty()) {
            let _ = writeln!(text, "\nAgainst `{reference}`:\n");
            text += &effect::to_markdown(&self.effects, self.has_suspicious());
        }
        text
    }

    /// Returns a line per row with full precision: settings, means and standard deviations, a column per keypoint.
    pub fn to_csv(&self) -> String {
        let mut header: Vec<String> = ["name", "network"].map(str::to_owned).to_vec();
        header.extend(self.parameters.iter().cloned());
        header.extend(["finished", "failed", "running"].map(str::to_owned));
        for (name, _) in self.rows.first().map(measured).unwrap_or_default() {
            header.extend([name.clone(), format!("{name}, deviation")]);
        }
        header.extend(Keypoint::ALL.map(|keypoint| format!("{keypoint}, px")));
        header.push("failure".to_owned());
        let full = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
        let line = |row: &SummaryRow| {
            let mut cells = vec![row.name.clone(), row.network.clone()];
            cells.extend(self.parameters.iter().map(|name| match row.set.get(name) {
                Some(serde_json::Value::String(text)) => text.clone(),
                Some(other) => other.to_string(),
                None => String::new(),
            }));
            cells.extend([row.finished, row.failed, row.running].map(|count| count.to_string()));
            for (_, value) in measured(row) {
                cells.extend([full(value.mean), full(value.std)]);
            }
            let keypoint =
                |keypoint| full(row.per_keypoint.get(&keypoint).and_then(|one| one.mean));
            cells.extend(Keypoint::ALL.map(keypoint));
            cells.push(row.failure.clone().unwrap_or_default());
            csv_line(&cells)
        };
        csv_line(&header) + &self.rows.iter().map(line).collect::<String>()
    }
}

fn mean(value: Option<&MeanStd>) -> String {
    value.map(|value| value.to_text(3)).unwrap_or_default()
}

fn runs(row: &SummaryRow) -> String {
    let notes = [(row.failed, "failed"), (row.running, "running")];
    let notes: Vec<String> = notes
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, name)| format!("{count} {name}"))
        .collect();
    match (row.finished + row.failed + row.running, notes.is_empty()) {
        (0, _) => String::new(),
        (all, true) => all.to_string(),
        (all, false) => format!("{all} ({})", notes.join(", ")),
    }
}

/// All that a row has measured, by name.
fn measured(row: &SummaryRow) -> Vec<(String, &MeanStd)> {
    let mut all: Vec<(String, &MeanStd)> = Vec::new();
    for (scores, note) in [(&row.raw, ""), (&row.clean, ", without suspicious rows")] {
        let names = SCORE_COLUMNS.iter().map(|(name, _)| format!("{name}{note}"));
        all.extend(names.zip(scores));
    }
    let rest: [(&str, &MeanStd); 6] = [
        ("nme", &row.nme),
        ("failure_rate", &row.failure_rate),
        ("auc", &row.auc),
        ("networks_trained", &row.networks_trained),
        ("images", &row.images),
        ("seconds", &row.seconds),
    ];
    all.extend(rest.map(|(name, value)| (name.to_owned(), value)));
    all
}
