//! A report for the terminal, at most 80 columns wide.

use std::fmt;

use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{CellAlignment, Table};

use super::{DataReport, ValueRange};

impl fmt::Display for DataReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n", self.overview())?;
        writeln!(f, "{}\n", self.coordinate_table())?;
        write!(f, "{}", self.gap_table())
    }
}

impl DataReport {
    fn overview(&self) -> Table {
        let mut table = table(["data", "value"]);
        let pixels = match self.pixels {
            Some(ValueRange { min, max, mean }) => format!("{min} to {max}, mean {mean:.2}"),
            None => "-".to_owned(),
        };
        let duplicates = &self.duplicates;
        let side = self.image_side;
        let rows = [
            ("rows", self.rows.to_string()),
            ("columns", self.columns.to_string()),
            ("image size", format!("{side} x {side}")),
            ("grey values", pixels),
            ("rows without a gap", self.complete_rows.to_string()),
            ("rows of regime full", self.regimes.full.to_string()),
            ("rows of regime four_point", self.regimes.four_point.to_string()),
            ("labels right of faces, full", format!("{:.2} px", self.label_shifts.full)),
            (
                "labels right of faces, four_point",
                format!("{:.2} px", self.label_shifts.four_point),
            ),
            ("distinct pictures", duplicates.distinct_pictures.to_string()),
            ("pictures in several rows", duplicates.repeated_pictures.to_string()),
            ("rows that share a picture", duplicates.rows_of_repeated.to_string()),
            ("most rows of one picture", duplicates.largest_group.to_string()),
            ("pictures of both regimes", duplicates.mixed_regimes.to_string()),
        ];
        table.add_rows(rows.map(|(name, value)| [name.to_owned(), value]));
        align_numbers(table)
    }

    fn coordinate_table(&self) -> Table {
        let mut table = table(["coordinate", "labelled", "gaps", "min", "max", "mean"]);
        for summary in &self.coordinates {
            let [min, max, mean] = match summary.values {
                Some(ValueRange { min, max, mean }) => {
                    [f64::from(min), f64::from(max), mean].map(|value| format!("{value:.2}"))
                }
                None => ["-", "-", "-"].map(str::to_owned),
            };
            table.add_row([
                summary.coordinate.name(),
                summary.count.to_string(),
                (self.rows - summary.count).to_string(),
                min,
                max,
                mean,
            ]);
        }
        align_numbers(table)
    }

    fn gap_table(&self) -> Table {
        let mut table = table(["gaps in a row", "rows", "share"]);
        for (gaps, &rows) in &self.gaps_per_row {
            let share = 100.0 * rows as f64 / self.rows as f64;
            table.add_row([gaps.to_string(), rows.to_string(), format!("{share:.1} %")]);
        }
        align_numbers(table)
    }
}

/// An empty table whose width depends on its contents only, never on the terminal.
fn table<const COLUMNS: usize>(header: [&str; COLUMNS]) -> Table {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN).set_header(header);
    table
}

/// Everything right of the first column stands right-aligned.
fn align_numbers(mut table: Table) -> Table {
    table
        .column_iter_mut()
        .skip(1)
        .for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    table
}
