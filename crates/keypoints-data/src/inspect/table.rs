//! A report for the terminal.

use std::fmt;

use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{CellAlignment, Table};

use super::{DataReport, ValueRange};

impl fmt::Display for DataReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n", self.overview())?;
        writeln!(f, "{}\n", self.coordinate_table())?;
        write!(f, "{}", self.gap_table())?;
        for (index, warning) in self.warnings.iter().enumerate() {
            let space = if index == 0 { "\n" } else { "" };
            write!(f, "{space}\nwarning: {warning}")?;
        }
        Ok(())
    }
}

impl DataReport {
    fn overview(&self) -> Table {
        let mut table = table(["data", "value"]);
        let pixels = match self.pixels {
            Some(ValueRange { min, max, mean }) => format!("{min} to {max}, mean {mean:.2}"),
            None => "-".to_owned(),
        };
        let mut rows = vec![
            ("schema".to_owned(), self.schema.clone()),
            ("rows".to_owned(), self.rows.to_string()),
            ("keypoints".to_owned(), (self.coordinates.len() / 2).to_string()),
            ("pictures".to_owned(), self.pictures.to_string()),
            ("pixel values".to_owned(), pixels),
            ("rows without a gap".to_owned(), self.complete_rows.to_string()),
        ];
        if self.sources.len() > 1 {
            let count =
                |(name, rows): (&str, &usize)| (format!("rows of `{name}`"), rows.to_string());
            rows.extend(self.sources.iter().map(count));
        }
        let shift = |(name, pixels): (&str, &f32)| {
            (format!("labels right of the object, `{name}`"), format!("{pixels:.2} px"))
        };
        rows.extend(self.label_shifts.iter().map(shift));
        let duplicates = &self.duplicates;
        rows.extend([
            ("distinct pictures".to_owned(), duplicates.distinct_pictures.to_string()),
            ("pictures in several rows".to_owned(), duplicates.repeated_pictures.to_string()),
            ("rows that share a picture".to_owned(), duplicates.rows_of_repeated.to_string()),
            ("most rows of one picture".to_owned(), duplicates.largest_group.to_string()),
        ]);
        if self.sources.len() > 1 {
            let mixed = duplicates.mixed_sources.to_string();
            rows.push(("pictures of several sources".to_owned(), mixed));
        }
        table.add_rows(rows.into_iter().map(|(name, value)| [name, value]));
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
                summary.coordinate.clone(),
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
