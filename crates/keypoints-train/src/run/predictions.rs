//! `predictions.csv`: what networks say of rows that they never trained on.

use std::collections::HashSet;
use std::fmt::Write;
use std::path::Path;

use keypoints_core::{Labels, Schema, Source, Split};
use keypoints_predict::Uncertainty;

use super::folder::{RunFolder, read_json, write_file};
use crate::error::TrainError;

/// A row and what was predicted for it.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldOutRow {
    /// Row of the dataset, counted from 0.
    pub row: usize,
    /// The label source that was asked for: the row's own.
    pub source: Source,
    /// The prediction in pixels, unclipped; `None` where the run does not know a coordinate.
    pub prediction: Labels,
    /// The standard deviation of the heat map of each point, in pixels; `None` for networks without heat maps.
    pub spread: Option<Uncertainty>,
}

/// Rows with what was predicted for them by networks that never trained on them.
///
/// As a file: a header, then a line per row: its number (counted from 1, as in the competition's file), its label source,
/// all coordinates, empty where there is no prediction, and the spread of each point's heat map, if there are any. Every number
/// reads back to the same bits.
///
/// ```
/// use keypoints_core::{Schema, kaggle15};
/// use keypoints_train::{HeldOutPredictions, HeldOutRow};
///
/// let prediction = [(kaggle15::NOSE_TIP.x(), 48.1)].into_iter().collect();
/// let row = HeldOutRow { row: 17, source: kaggle15::FOUR_POINT, prediction, spread: None };
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("predictions.csv");
/// let schema = Schema::kaggle15();
/// HeldOutPredictions { rows: vec![row.clone()] }.write(&schema, &path)?;
/// assert!(std::fs::read_to_string(&path)?.contains("\n18,four_point,"));
/// assert_eq!(HeldOutPredictions::read(&schema, &path)?.rows, [row]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HeldOutPredictions {
    /// The rows, in any order, none of them twice.
    pub rows: Vec<HeldOutRow>,
}

impl HeldOutPredictions {
    /// Puts rows, their sources and their predictions together.
    pub fn of(rows: &[usize], sources: &[Source], predictions: &[Labels]) -> Self {
        let one = |((&row, &source), prediction): ((&usize, &Source), &Labels)| HeldOutRow {
            row,
            source,
            prediction: prediction.clone(),
            spread: None,
        };
        Self { rows: rows.iter().zip(sources).zip(predictions).map(one).collect() }
    }

    /// Adds the spreads of the heat maps, row by row.
    #[must_use]
    pub fn with_spreads(mut self, spreads: Option<Vec<Uncertainty>>) -> Self {
        for (row, spread) in self.rows.iter_mut().zip(spreads.into_iter().flatten()) {
            row.spread = Some(spread);
        }
        self
    }

    /// What a run that has ended says of the rows that it has held out.
    ///
    /// # Errors
    /// [`TrainError::Io`] or [`TrainError::BadRunFile`] with the file, also where it holds a row that the run has not held
    /// out: a network must not be judged by what it was trained on.
    pub fn of_run(schema: &Schema, folder: &RunFolder) -> Result<Self, TrainError> {
        let split: Split = read_json(&folder.split_path(), "the rows of a run")?;
        let path = folder.predictions_path();
        let predictions = Self::read(schema, &path)?;
        let validation: HashSet<usize> = split.validation.into_iter().collect();
        let train: HashSet<usize> = split.train.into_iter().collect();
        let held_out = |row: usize| validation.contains(&row) && !train.contains(&row);
        match predictions.rows.iter().find(|one| !held_out(one.row)) {
            None => Ok(predictions),
            Some(one) => Err(TrainError::BadRunFile {
                path,
                expected: "rows that the run has held out",
                found: format!("row {} is none", one.row + 1),
            }),
        }
    }

    /// Several parts as one, in the order of the rows.
    pub fn join(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut rows: Vec<HeldOutRow> = parts.into_iter().flat_map(|part| part.rows).collect();
        rows.sort_by_key(|one| one.row);
        Self { rows }
    }

    /// Writes the file; an older one is replaced as a whole or not at all.
    ///
    /// # Errors
    /// [`TrainError::Io`] with the file.
    pub fn write(&self, schema: &Schema, path: &Path) -> Result<(), TrainError> {
        let has_spreads = self.rows.iter().any(|row| row.spread.is_some());
        let mut text = header(schema, has_spreads);
        text.push('\n');
        for HeldOutRow { row, source, prediction, spread } in &self.rows {
            // Writing to a string cannot fail.
            let _ = write!(text, "{},{}", row + 1, schema.source(*source).name());
            let places = schema.coordinates().map(|one| prediction.get(one));
            let spread = |keypoint| spread.as_ref()?.get(&keypoint).copied();
            let spreads = schema.keypoints().filter(|_| has_spreads).map(spread);
            for value in places.chain(spreads) {
                text.push(',');
                if let Some(value) = value {
                    let _ = write!(text, "{value}");
                }
            }
            text.push('\n');
        }
        write_file(path, text.as_bytes())
    }

    /// Reads such a file.
    ///
    /// # Errors
    /// [`TrainError::Io`] if it cannot be read, [`TrainError::BadRunFile`] with the line and the column where it is not
    /// what [`HeldOutPredictions::write`] writes, or where a row occurs again.
    pub fn read(schema: &Schema, path: &Path) -> Result<Self, TrainError> {
        let text = std::fs::read_to_string(path).map_err(TrainError::io(path, "read"))?;
        let bad =
            |expected, found| TrainError::BadRunFile { path: path.to_owned(), expected, found };
        let mut lines = text.lines();
        // Older versions wrote `regime` in place of `source`.
        let first = lines.next().unwrap_or_default().replacen("row,regime,", "row,source,", 1);
        if ![false, true].map(|spreads| header(schema, spreads)).contains(&first) {
            return Err(bad(
                "a header of row, source and the coordinates of the schema, with or without spreads",
                format!("another, {:?}", text.lines().next().unwrap_or_default()),
            ));
        }
        let mut seen = HashSet::new();
        let mut rows = Vec::new();
        for (line, number) in lines.zip(2..) {
            let row = parse(schema, line)
                .map_err(|(expected, found)| bad(expected, format!("line {number}: {found}")))?;
            if !seen.insert(row.row) {
                let found = format!("line {number}: row {} again", row.row + 1);
                return Err(bad("every row once", found));
            }
            rows.push(row);
        }
        Ok(Self { rows })
    }
}

fn header(schema: &Schema, spreads: bool) -> String {
    let mut text = format!("row,source,{}", schema.coordinate_names().join(","));
    for keypoint in schema.keypoints().filter(|_| spreads) {
        let _ = write!(text, ",{}_spread", schema.name_of(keypoint));
    }
    text
}

/// A line, or what was expected and what was found.
fn parse(schema: &Schema, line: &str) -> Result<HeldOutRow, (&'static str, String)> {
    let cells: Vec<&str> = line.split(',').collect();
    let [row, source, values @ ..] = cells.as_slice() else {
        return Err(("row, source and coordinates", format!("`{line}`")));
    };
    let Some((values, spreads)) = values.split_at_checked(2 * schema.len()) else {
        return Err(("a cell for each coordinate of the schema", values.len().to_string()));
    };
    if ![0, schema.len()].contains(&spreads.len()) {
        return Err((
            "a cell for each coordinate and spread",
            (2 * schema.len() + spreads.len()).to_string(),
        ));
    }
    let number = row.parse().ok().filter(|&row: &usize| row > 0);
    let row = number.ok_or_else(|| ("the number of a row", format!("`{row}`")))? - 1;
    let source =
        schema.source_named(source).ok_or_else(|| ("a label source", format!("`{source}`")))?;
    let number = |cell: &str, name: String| {
        let value = cell.parse().ok().filter(|value: &f32| value.is_finite());
        value.ok_or_else(|| ("a number", format!("{name} `{cell}`")))
    };
    let mut prediction = Labels::default();
    for (coordinate, cell) in schema.coordinates().zip(values).filter(|(_, cell)| !cell.is_empty())
    {
        prediction.set(coordinate, Some(number(cell, schema.coordinate_name(coordinate))?));
    }
    let mut spread = Uncertainty::new();
    for (keypoint, cell) in schema.keypoints().zip(spreads).filter(|(_, cell)| !cell.is_empty()) {
        spread.insert(keypoint, number(cell, format!("{}_spread", schema.name_of(keypoint)))?);
    }
    Ok(HeldOutRow { row, source, prediction, spread: (!spread.is_empty()).then_some(spread) })
}

#[cfg(test)]
mod tests;
