//! The pictures and the report of a comparison.

use std::path::{Path, PathBuf};

use anyhow::Context;
use keypoints_plot::{
    CumulativeOptions, CumulativeSeries, ErrorOptions, ErrorSeries, ScoreOptions, ScoreRow,
    cumulative_errors, keypoint_errors, score_dots,
};
use keypoints_report::{Best, Cell, Column, HtmlReport, Section, Table, pictures_in};
use keypoints_train::metrics::FAILURE_THRESHOLD;
use keypoints_train::study::{Spread, Summary, SummaryRow};

use crate::pictures::{both, create};
use crate::report_parts::settings_section;

/// Keypoint bars are drawn for at most so many strategies: more are not told apart.
const SERIES: usize = 4;

/// Draws `scores` (a row per strategy and network), `cumulative` (share of faces below an error) and `keypoints` (error
/// per keypoint of the best few) as PNG and SVG into the study's `pictures/`. Returns the files; none where no
/// cell has scores.
///
/// # Errors
/// With the file that cannot be written.
pub fn draw_comparison(folder: &Path, summary: &Summary) -> anyhow::Result<Vec<PathBuf>> {
    let mut rows: Vec<&SummaryRow> =
        summary.rows.iter().filter(|row| row.weighted.mean.is_some()).collect();
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    rows.sort_by(|a, b| mean(&a.weighted).total_cmp(&mean(&b.weighted)));
    let folder = folder.join("pictures");
    create(&folder)?;

    let dots: Vec<ScoreRow> = rows.iter().map(|row| score_row(row, summary)).collect();
    let options = ScoreOptions {
        title: "Weighted RMSE on held-out faces".to_owned(),
        x_label: "pixels of the 96×96 image, lower is better".to_owned(),
        series: vec!["all rows".to_owned(), "without suspicious rows".to_owned()],
        reference: "the notebook on Kaggle's test set".to_owned(),
        ..Default::default()
    };
    let mut files = both(&folder, "scores", |path| score_dots(path, &dots, &options))?;

    let curves: Vec<CumulativeSeries> = rows
        .iter()
        .map(|row| CumulativeSeries::new(name(row, summary), row.face_errors.iter().copied()))
        .collect();
    let options = CumulativeOptions {
        title: "Faces below an error".to_owned(),
        limit: 1.5 * FAILURE_THRESHOLD,
        failure: Some(FAILURE_THRESHOLD),
        ..Default::default()
    };
    files.extend(both(&folder, "cumulative", |path| cumulative_errors(path, &curves, &options))?);

    let series: Vec<ErrorSeries> = rows
        .iter()
        .take(SERIES)
        .map(|row| {
            let errors = row.per_keypoint.iter();
            let errors = errors.filter_map(|(&keypoint, spread)| Some((keypoint, spread.mean?)));
            ErrorSeries::new(name(row, summary), errors)
        })
        .collect();
    let title = "Error per keypoint, the best strategies".to_owned();
    let options = ErrorOptions { title, ..Default::default() };
    files.extend(both(&folder, "keypoints", |path| keypoint_errors(path, &series, &options))?);
    Ok(files)
}

fn mean(spread: &Spread) -> f64 {
    spread.mean.unwrap_or(f64::INFINITY)
}

/// The strategy, and the network where there are several.
fn name(row: &SummaryRow, summary: &Summary) -> String {
    let one_network = summary.rows.iter().all(|other| other.network == row.network);
    let strategy = row.strategy.replace('_', " ");
    if one_network { strategy } else { format!("{strategy}, {}", row.network) }
}

fn score_row(row: &SummaryRow, summary: &Summary) -> ScoreRow {
    let scores = ScoreRow::new(name(row, summary), row.weighted.values.iter().copied());
    let scores = scores.and(row.weighted_clean.values.iter().copied());
    match row.notebook {
        Some(score) => scores.reference(score),
        None => scores,
    }
}

/// Writes `report.html`: the comparison as one file that can be sent by mail and read on a telephone.
///
/// # Errors
/// With the file that cannot be read or written.
pub fn write_comparison_report(folder: &Path, summary: &Summary) -> anyhow::Result<PathBuf> {
    let (title, what) = match summary.effects.is_empty() {
        true => ("Strategies for missing labels, compared", "Every strategy"),
        false => ("Changes to one recipe, compared", "Every change"),
    };
    let mut report = HtmlReport::new(title).lead(format!(
        "{what} was trained alike, on the same folds and with the same seeds, and scored on faces that it never saw.",
    ));
    let best = summary
        .rows
        .iter()
        .filter(|row| row.weighted.mean.is_some())
        .min_by(|a, b| mean(&a.weighted).total_cmp(&mean(&b.weighted)));
    if let Some(best) = best {
        report = report.lead(format!(
            "Lowest weighted error: {} with {}, {:.3} pixels.",
            best.strategy.replace('_', " "),
            best.network.replace('_', " "),
            mean(&best.weighted)
        ));
    }
    let mut scores = Section::new("Scores").table(table(summary)).text(Summary::note());
    let mut keypoints = Section::new("Keypoints").table(keypoint_table(summary));
    let pictures = pictures_in(folder.join("pictures")).unwrap_or_default();
    if let Some(path) = pictures.get("scores") {
        scores = scores.picture_file(path, "One dot per run and strategy.")?;
    }
    if let Some(path) = pictures.get("cumulative") {
        let alt = "Share of the held-out faces whose normalised mean error is below a limit.";
        scores = scores.picture_file(path, alt)?;
    }
    if let Some(path) = pictures.get("keypoints") {
        let alt = "Error per keypoint of the strategies with the lowest error.";
        keypoints = keypoints.picture_file(path, alt)?;
    }
    let record = folder.join("study.json");
    let settings = std::fs::read_to_string(&record)
        .with_context(|| format!("{}: cannot read", record.display()))?;
    let path = folder.join("report.html");
    if !summary.effects.is_empty() {
        let effects = Section::new("What each change brings").table(effects_table(summary));
        report = report.section(effects.text(Summary::effects_note()));
    }
    report
        .section(scores)
        .section(keypoints)
        .section(settings_section(settings))
        .footer(concat!("facial-keypoints ", env!("CARGO_PKG_VERSION")))
        .write(&path)?;
    Ok(path)
}

fn table(summary: &Summary) -> Table {
    // Which columns have a best value; the others are words, counts and what others report.
    let best = |name: &str| match name {
        "AUC" => Some(Best::Highest),
        _ if name.ends_with("px") && !name.contains("notebook") => Some(Best::Lowest),
        "NME, %" | "failures, %" => Some(Best::Lowest),
        _ => None,
    };
    let columns = Summary::columns().into_iter().enumerate().map(|(index, name)| {
        if index < 2 {
            return Column::text(name);
        }
        let column = Column::number(name);
        match best(name) {
            Some(best) => column.best(best),
            None => column,
        }
    });
    let cell = |text: &String| {
        let number = text.split(' ').next().and_then(|number| number.parse().ok());
        number.map_or_else(|| Cell::from(text.as_str()), |number| Cell::valued(text, number))
    };
    let rows = summary.cells();
    let words = |text: &String| Cell::from(text.replace('_', " "));
    let rows = rows.iter().map(|row| {
        let (names, numbers) = row.split_at(2);
        names.iter().map(words).chain(numbers.iter().map(cell)).collect::<Vec<Cell>>()
    });
    Table::new(columns).caption("Held-out faces, mean ± standard deviation").rows(rows)
}

/// Each change against the recipe, on the same folds with the same seeds.
fn effects_table(summary: &Summary) -> Table {
    let columns = [
        Column::text("change"),
        Column::number("weighted RMSE, px").best(Best::Lowest),
        Column::number("± over faces"),
        Column::number("without suspicious rows, px").best(Best::Lowest),
        Column::number("± over faces"),
        Column::text("most influential row"),
        Column::number("time, times the recipe's"),
        Column::number("pairs of runs"),
    ];
    let cell = |spread: &Spread| match (spread.mean, spread.deviation) {
        (Some(mean), Some(deviation)) => Cell::valued(format!("{mean:+.3} ± {deviation:.3}"), mean),
        (Some(mean), None) => Cell::valued(format!("{mean:+.3}"), mean),
        _ => Cell::from("–"),
    };
    let error = |error: Option<f64>| Cell::number(error.unwrap_or(f64::NAN), 3);
    let rows = summary.effects.iter().map(|effect| {
        let most = effect.most_influential.map(|one| one.to_string());
        vec![
            Cell::from(effect.idea.as_str()),
            cell(&effect.weighted),
            error(effect.weighted_error),
            cell(&effect.weighted_clean),
            error(effect.weighted_clean_error),
            Cell::from(most.unwrap_or_default()),
            Cell::number(effect.seconds.unwrap_or(f64::NAN), 2),
            Cell::number(effect.weighted.values.len() as f64, 0),
        ]
    });
    Table::new(columns).caption("Difference to the recipe: below 0 is better").rows(rows)
}

fn keypoint_table(summary: &Summary) -> Table {
    let names = summary.rows.iter().map(|row| Column::number(name(row, summary)));
    let columns = std::iter::once(Column::text("keypoint")).chain(names);
    let rows = keypoints_data::Keypoint::ALL.into_iter().map(|keypoint| {
        let cells = summary.rows.iter().map(move |row| {
            let mean = row.per_keypoint.get(&keypoint).and_then(|spread| spread.mean);
            Cell::number(mean.unwrap_or(f64::NAN), 2)
        });
        std::iter::once(Cell::from(keypoint.name().replace('_', " ")))
            .chain(cells)
            .collect::<Vec<_>>()
    });
    Table::new(columns).caption("RMSE in pixels, both regimes").rows(rows)
}
