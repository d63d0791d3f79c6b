//! A page with the table of an experiment: scores, keypoints, pictures, settings.

use std::path::{Path, PathBuf};

use anyhow::Context;
use keypoints_report::{Best, Cell, Column, HtmlReport, Section, Table};
use keypoints_study::{Effect, Summary};

use crate::report_parts::{pictures_section, settings_section};

/// A report of an experiment.
pub(crate) struct Page<'a> {
    pub(crate) title: &'static str,
    pub(crate) lead: Vec<String>,
    pub(crate) summary: &'a Summary,
    /// Whether the rows are rivals, so that the best cell of a column is marked.
    pub(crate) rivals: bool,
    /// The file with the settings.
    pub(crate) record: &'static str,
}

impl Page<'_> {
    /// Writes `report.html` into a folder.
    pub(crate) fn write(&self, folder: &Path) -> anyhow::Result<PathBuf> {
        let record = folder.join(self.record);
        let settings = std::fs::read_to_string(&record)
            .with_context(|| format!("{}: cannot read", record.display()))?;
        let mut report = HtmlReport::new(format!("{} {}", self.title, folder.display()));
        for text in &self.lead {
            report = report.lead(text);
        }
        if !self.summary.effects.is_empty() {
            let effects = Section::new("What each change brings").table(self.effects());
            report = report.section(effects.text(Effect::NOTE));
        }
        let path = folder.join("report.html");
        report
            .section(Section::new("Scores").table(self.scores()).text(Summary::NOTE))
            .section(Section::new("Keypoints").table(self.keypoints()))
            .section(pictures_section(&folder.join("pictures"))?)
            .section(settings_section(settings))
            .footer(concat!("facial-keypoints ", env!("CARGO_PKG_VERSION")))
            .write(&path)?;
        Ok(path)
    }

    fn scores(&self) -> Table {
        let (names, rows) = self.summary.cells();
        // Which columns have a best value; the others are names, settings and counts.
        let best = |name: &str| match name {
            "AUC" => Some(Best::Highest),
            "NME, %" | "failures, %" => Some(Best::Lowest),
            _ if name.contains(", px") => Some(Best::Lowest),
            _ => None,
        };
        let column = |(index, name): (usize, &String)| match best(name).filter(|_| self.rivals) {
            _ if index == 0 => Column::text(name),
            Some(best) => Column::number(name).best(best),
            None => Column::number(name),
        };
        let columns: Vec<Column> = names.iter().enumerate().map(column).collect();
        let rows = rows.iter().map(|row| {
            let first = row.iter().take(1).map(|name| Cell::from(name.replace('_', " ")));
            first.chain(row.iter().skip(1).map(valued)).collect::<Vec<Cell>>()
        });
        Table::new(columns).rows(rows)
    }

    fn effects(&self) -> Table {
        let (names, rows) = self.summary.effect_cells();
        let columns = names.iter().enumerate().map(|(index, name)| match name {
            _ if index == 0 => Column::text(name),
            _ if name.ends_with(", px") => Column::number(name).best(Best::Lowest),
            _ => Column::number(name),
        });
        let row = |cells: &Vec<String>| {
            let first = cells.iter().take(1).map(|name| Cell::from(name.as_str()));
            first.chain(cells.iter().skip(1).map(valued)).collect::<Vec<Cell>>()
        };
        let reference = self.summary.reference.as_deref().unwrap_or_default();
        let caption = format!("Difference to {}: below 0 is better", reference.replace('_', " "));
        Table::new(columns.collect::<Vec<_>>()).caption(caption).rows(rows.iter().map(row))
    }

    fn keypoints(&self) -> Table {
        let rows = &self.summary.rows;
        let names = rows.iter().map(|row| Column::number(row.name.replace('_', " ")));
        let columns = std::iter::once(Column::text("RMSE, px")).chain(names);
        let lines = self.summary.keypoints().into_iter().map(|keypoint| {
            let cells = rows.iter().map(|row| {
                let mean = row.per_keypoint.get(&keypoint).and_then(|one| one.mean);
                Cell::number(mean.unwrap_or(f64::NAN), 3)
            });
            let name = Cell::from(keypoint.replace('_', " "));
            std::iter::once(name).chain(cells).collect::<Vec<_>>()
        });
        Table::new(columns.collect::<Vec<_>>()).rows(lines)
    }
}

/// A cell that ranks by the number that its text starts with.
fn valued(text: impl AsRef<str>) -> Cell {
    let text = text.as_ref();
    match text.split(' ').next().and_then(|number| number.parse().ok()) {
        _ if text.is_empty() => Cell::from("–"),
        Some(number) => Cell::valued(text, number),
        None => Cell::from(text),
    }
}
