//! The one table of experiments, as Markdown and CSV.

use keypoints_train::settings::short;
use serde_json::Value;

use crate::effect::Effect;
use crate::measures::measures;
use crate::summary::{Summary, SummaryRow, names, without_scores};
use crate::text::{csv_line, filled, markdown};

impl Summary {
    /// What the columns mean.
    pub const NOTE: &str = "Mean ± standard deviation over folds and seeds, on held-out rows. RMSE: over all labels; weighted by label sources where the schema \
gives weights. Where the settings keep the `best` checkpoint, it \
was selected on the same rows. NME: mean distance over the labelled keypoints of a face, as a share of the distance between the \
two unit points. Failures: faces with more than 10 %. AUC: area under the cumulative error curve up to there.";

    /// Returns the names of the columns and the cells, row by row. Columns without any text are left out.
    pub fn cells(&self) -> (Vec<String>, Vec<Vec<String>>) {
        let measures = measures(&self.sources());
        let search = !self.parameters.is_empty();
        let mut columns = vec![if search { "trial" } else { "" }.to_owned(), "network".to_owned()];
        columns.extend(self.parameters.iter().cloned());
        columns.extend(measures.iter().map(|measure| measure.name.clone()));
        columns.push("runs".to_owned());
        let first = self.rows.first().map(|row| row.network.as_str());
        let networks = self.rows.iter().any(|row| Some(row.network.as_str()) != first);
        let row = |row: &SummaryRow| {
            let network = if networks { row.network.clone() } else { String::new() };
            let mut cells = vec![row.name.clone(), network];
            let set = |name| row.set.get(name).map(short).unwrap_or_default();
            cells.extend(self.parameters.iter().map(set));
            cells.extend(measures.iter().map(|measure| {
                row.measured.get(&measure.name).map(|value| measure.text(value)).unwrap_or_default()
            }));
            cells.push(runs(row));
            cells
        };
        let rows: Vec<Vec<String>> = self.rows.iter().map(row).collect();
        filled(&columns, &rows)
    }

    /// Returns the names of the columns and the cells of the effects, as [`Summary::cells`] does.
    pub fn effect_cells(&self) -> (Vec<String>, Vec<Vec<String>>) {
        let rows: Vec<Vec<String>> = self.effects.iter().map(Effect::cells).collect();
        filled(&Effect::COLUMNS.map(str::to_owned), &rows)
    }

    /// Returns the table as Markdown: scores, what is missing or failed, and what each change brings.
    pub fn to_markdown(&self) -> String {
        let (columns, rows) = self.cells();
        let mut text = match rows.is_empty() {
            true => String::new(),
            false => markdown(&columns, &rows) + "\n" + Self::NOTE + "\n",
        };
        text += &format!("\n{}.\n", self.status());
        for row in self.rows.iter().filter(|row| row.failed > 0) {
            let failure = row.failure.as_deref().unwrap_or_default();
            text += &format!("- {} failed: {failure}\n", row.name);
        }
        if let Some(reference) = self.reference.as_ref().filter(|_| !self.effects.is_empty()) {
            let (columns, rows) = self.effect_cells();
            let table = markdown(&columns, &rows);
            text += &format!("\nAgainst `{reference}`:\n\n{table}\n{}\n", Effect::NOTE);
        }
        text
    }

    /// Returns two Markdown tables with notes between them: scores, and a line per keypoint with a column per row, in pixels.
    pub(crate) fn to_tables(&self, notes: &str) -> String {
        let (columns, rows) = self.cells();
        let scores = markdown(&columns, &rows);
        let names = self.rows.iter().map(|row| row.name.clone());
        let columns: Vec<String> = std::iter::once("RMSE, px".to_owned()).chain(names).collect();
        let line = |keypoint: String| {
            let mean = |row: &SummaryRow| Some(row.per_keypoint.get(&keypoint)?.to_text(3));
            let cells: Vec<_> = self.rows.iter().map(|row| mean(row).unwrap_or_default()).collect();
            std::iter::once(keypoint).chain(cells).collect()
        };
        let lines: Vec<Vec<String>> = self.keypoints().into_iter().map(line).collect();
        format!("{scores}\n{notes}\n{}", markdown(&columns, &lines))
    }

    /// The keypoints that any row has errors of.
    pub fn keypoints(&self) -> Vec<String> {
        names(self.rows.iter().map(|row| &row.per_keypoint))
    }

    /// Returns a line per row with full precision: settings, means and standard deviations, a column per keypoint.
    pub fn to_csv(&self) -> String {
        let measures = measures(&self.sources());
        let mut header = vec!["name".to_owned(), "network".to_owned()];
        header.extend(self.parameters.iter().cloned());
        header.extend(["finished", "failed", "running"].map(str::to_owned));
        for measure in &measures {
            header.extend([measure.name.clone(), format!("{}, deviation", measure.name)]);
        }
        let keypoints = self.keypoints();
        header.extend(keypoints.iter().map(|keypoint| format!("{keypoint}, px")));
        header.push("failure".to_owned());
        let full = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
        let line = |row: &SummaryRow| {
            let mut cells = vec![row.name.clone(), row.network.clone()];
            cells.extend(self.parameters.iter().map(|name| match row.set.get(name) {
                Some(Value::String(text)) => text.clone(),
                Some(other) => other.to_string(),
                None => String::new(),
            }));
            cells.extend([row.finished, row.failed, row.running].map(|count| count.to_string()));
            for measure in &measures {
                let value = row.measured.get(&measure.name).cloned().unwrap_or_default();
                cells.extend([full(value.mean), full(value.std)]);
            }
            let keypoint =
                |one: &String| full(row.per_keypoint.get(one).and_then(|error| error.mean));
            cells.extend(keypoints.iter().map(keypoint));
            cells.push(row.failure.clone().unwrap_or_default());
            csv_line(&cells)
        };
        csv_line(&header) + &self.rows.iter().map(line).collect::<String>()
    }
}

/// How many runs a row sums up: `3 (1 failed)`.
fn runs(row: &SummaryRow) -> String {
    let all = row.finished + row.failed + row.running;
    let notes = without_scores(row.failed, row.running);
    match notes.is_empty() {
        _ if all == 0 => String::new(),
        true => all.to_string(),
        false => format!("{all} ({})", notes.join(", ")),
    }
}
