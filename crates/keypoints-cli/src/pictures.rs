//! The pictures that programs leave behind.

use std::path::{Path, PathBuf};

use anyhow::Context;
use keypoints_core::{
    Dataset, ErrorReport, ErrorSums, LabelSource, Labels, RelativeErrors, Schema, Source,
};
use keypoints_plot::{
    CumulativeOptions, CumulativeSeries, Curve, CurveOptions, ErrorOptions, ErrorSeries,
    GapOptions, JudgedPicture, MarkSet, Picture, PictureCell, PictureGridOptions, count_gaps,
    cumulative_errors, gap_histogram, keypoint_errors, loss_curves, picture_grid, worst_pictures,
};
use keypoints_study::CheckedPoint;
use keypoints_train::{EpochRecord, Outcome, RunFolder};

/// Faces in a grid, and in the gallery of the worst.
const GRID: usize = 20;

/// Draws what a dataset looks like: `gaps` (rows per number of missing coordinates) and `faces` (some of
/// each source with their points), as PNG and SVG. Returns the files.
///
/// # Errors
/// With the file that cannot be written.
pub fn draw_data_pictures(dataset: &Dataset, folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    create(folder)?;
    let titles = dataset.schema().sources().iter().map(LabelSource::title);
    let counts = count_gaps(dataset);
    let counts = titles.zip(counts.iter().map(|(_, counts)| counts.clone())).collect();
    let mut files =
        both(folder, "gaps", |path| gap_histogram(path, &counts, &GapOptions::default()))?;
    let cells: Vec<PictureCell<'_>> = sample(dataset)
        .filter_map(|index| {
            let labels = dataset.labels()[index].clone();
            Some(PictureCell {
                picture: Picture::of(dataset.pictures(), index)?,
                caption: format!("{}, {} points", dataset.row_name(index), labels.points().count()),
                marks: vec![MarkSet::truth(labels)],
            })
        })
        .collect();
    let title = "Faces with their labels".to_owned();
    let options = PictureGridOptions { title, ..Default::default() };
    files.extend(both(folder, "faces", |path| picture_grid(path, &cells, &options))?);
    Ok(files)
}

/// Evenly spread rows, as many of each source where there are enough.
fn sample(dataset: &Dataset) -> impl Iterator<Item = usize> + '_ {
    let sources = dataset.schema().source_indices();
    let share = GRID.div_ceil(sources.len());
    sources.flat_map(move |source| {
        let rows: Vec<usize> =
            (0..dataset.len()).filter(|&i| dataset.sources()[i] == source).collect();
        let stride = rows.len().div_ceil(share).max(1);
        rows.into_iter().step_by(stride)
    })
}

/// Draws how a run went: `loss` (one per network) and the pictures of [`draw_held_out`], as PNG and SVG, into
/// the run's `pictures/`. `rows` are the held-out rows. Returns the files.
///
/// # Errors
/// With the file that cannot be written.
pub fn draw_run_pictures(
    run: &RunFolder,
    outcome: &Outcome,
    dataset: &Dataset,
    rows: &[usize],
) -> anyhow::Result<Vec<PathBuf>> {
    let folder = run.pictures_path();
    create(&folder)?;
    let predictions = &outcome.predictions;
    let mut files = Vec::new();
    for one in &outcome.models {
        let only = one.model.is_only();
        let of = if only { String::new() } else { format!(" of the network {}", one.model) };
        let options = CurveOptions {
            title: format!("Error by epoch{of}"),
            y_label: "RMSE, px".to_owned(),
            log_scale: true,
            ..Default::default()
        };
        let name = if only { "loss".to_owned() } else { format!("loss_{}", one.model) };
        let curves = error_curves(&one.records);
        files.extend(both(&folder, &name, |path| loss_curves(path, &curves, &options))?);
    }
    files.extend(draw_held_out(&folder, dataset, rows, predictions)?);
    Ok(files)
}

/// Draws how far predictions are off on rows that were held out: `keypoint_errors`, `cumulative` (where the schema has a unit) and
/// `worst_faces`, as PNG and SVG, into a folder. Returns the files; none without rows.
///
/// # Errors
/// With the file that cannot be written.
pub fn draw_held_out(
    folder: &Path,
    dataset: &Dataset,
    rows: &[usize],
    predictions: &[Labels],
) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    if rows.is_empty() {
        return Ok(files);
    }
    create(folder)?;
    let truth: Vec<Labels> = rows.iter().map(|&row| dataset.labels()[row].clone()).collect();
    let title = "Error per keypoint".to_owned();
    let options = ErrorOptions { title, ..ErrorOptions::of(dataset.pictures().shape()) };
    let series = source_errors(dataset, rows, &truth, predictions);
    files.extend(both(folder, "keypoint_errors", |path| keypoint_errors(path, &series, &options))?);
    if let Some(errors) = RelativeErrors::of(dataset.schema(), &truth, predictions) {
        files.extend(draw_cumulative(folder, dataset.schema(), errors)?);
    }
    let judged: Vec<JudgedPicture<'_>> = rows
        .iter()
        .zip(truth.iter().zip(predictions))
        .filter_map(|(&row, (truth, prediction))| {
            let image = Picture::of(dataset.pictures(), row)?;
            let (truth, prediction) = (truth.clone(), prediction.clone());
            Some(JudgedPicture { picture: image, truth, prediction, name: dataset.row_name(row) })
        })
        .collect();
    let title = "Held-out faces with the largest error".to_owned();
    let options = PictureGridOptions { title, ..Default::default() };
    files
        .extend(both(folder, "worst_faces", |path| worst_pictures(path, &judged, GRID, &options))?);
    Ok(files)
}

/// Draws how many held-out points lie within their uncertainty: the cumulative distribution of their distances from the labels, in
/// uncertainties. Calibrated is 68 % at 1 and 95 % at 2. Returns the files; none without points.
///
/// # Errors
/// With the file that cannot be written.
pub fn draw_calibration(folder: &Path, points: &[CheckedPoint]) -> anyhow::Result<Vec<PathBuf>> {
    let tenth = points.len() / 10;
    if tenth == 0 {
        return Ok(Vec::new());
    }
    create(folder)?;
    let mut points = points.to_vec();
    points.sort_by(|a, b| a.uncertainty.total_cmp(&b.uncertainty));
    let distance = |one: &CheckedPoint| f64::from(one.distance / one.uncertainty);
    let series = [
        ("all points", &points[..]),
        ("the most certain tenth", &points[..tenth]),
        ("the least certain tenth", &points[points.len() - tenth..]),
    ];
    let series = series.map(|(name, part)| CumulativeSeries::new(name, part.iter().map(distance)));
    let options = CumulativeOptions {
        title: "Held-out points within their uncertainty".to_owned(),
        x_label:
            "distance from the label, in uncertainties (calibrated: 68 % within 1, 95 % within 2)"
                .to_owned(),
        y_label: "share of points".to_owned(),
        noun: "points".to_owned(),
        limit: 3.0,
        failure: None,
        ..Default::default()
    };
    both(folder, "calibration", |path| cumulative_errors(path, &series, &options))
}

/// Draws the cumulative error curve.
fn draw_cumulative(
    folder: &Path,
    schema: &Schema,
    errors: RelativeErrors,
) -> anyhow::Result<Vec<PathBuf>> {
    let unit = schema.unit().map(|unit| unit.map(|one| schema.name_of(one).replace('_', " ")));
    let [one, other] = unit.unwrap_or_default();
    let options = CumulativeOptions {
        title: "Held-out rows below an error".to_owned(),
        x_label: format!("mean error of a row, as a share of the distance from {one} to {other}"),
        y_label: "share of rows".to_owned(),
        noun: "rows".to_owned(),
        ..Default::default()
    };
    let series = [CumulativeSeries::new("all rows", errors.rows)];
    both(folder, "cumulative", |path| cumulative_errors(path, &series, &options))
}

fn error_curves(records: &[EpochRecord]) -> Vec<Curve> {
    let train = records.iter().map(|record| (record.epoch as f64, record.train_rmse)).collect();
    let validation = |score: &dyn Fn(&ErrorReport) -> Option<f64>| {
        let point =
            |record: &EpochRecord| Some((record.epoch as f64, score(record.validation.as_ref()?)?));
        records.iter().filter_map(point).collect::<Vec<_>>()
    };
    let weighted = validation(&|report| report.weighted_rmse);
    let overall = match weighted.is_empty() {
        true => Curve::new("validation", validation(&|report| report.rmse)),
        false => Curve::new("validation, weighted", weighted),
    };
    let mut curves = vec![Curve::new("training", train), overall.mark_best()];
    let validated = records.iter().find_map(|record| record.validation.as_ref());
    for (source, _) in validated.iter().flat_map(|report| report.sources.iter()) {
        let name = format!("validation, {} faces", source.replace('_', "-"));
        curves.push(Curve::new(name, validation(&|report| report.source(source))));
    }
    curves.into_iter().filter(|curve| !curve.points.is_empty()).collect()
}

/// The error per keypoint of the rows of each label source.
fn source_errors(
    dataset: &Dataset,
    rows: &[usize],
    truth: &[Labels],
    predictions: &[Labels],
) -> Vec<ErrorSeries> {
    let schema = dataset.schema();
    let several = schema.sources().len() > 1;
    let series = |source: Source| {
        let mut sums = ErrorSums::new(schema);
        let own = rows.iter().zip(truth.iter().zip(predictions));
        for (_, (truth, prediction)) in own.filter(|(row, _)| dataset.sources()[**row] == source) {
            sums.add(source, truth, prediction);
        }
        let name = match several {
            true => format!("{} faces", schema.source(source).name().replace('_', "-")),
            false => "all rows".to_owned(),
        };
        ErrorSeries::new(name, ErrorReport::of(schema, &sums).per_keypoint)
    };
    schema.source_indices().map(series).filter(|series| !series.errors.is_empty()).collect()
}

pub(crate) fn create(folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))
}

/// Draws one picture in both formats.
pub(crate) fn both(
    folder: &Path,
    name: &str,
    draw: impl Fn(&Path) -> Result<(), keypoints_plot::PlotError>,
) -> anyhow::Result<Vec<PathBuf>> {
    ["png", "svg"]
        .into_iter()
        .map(|extension| {
            let path = folder.join(name).with_extension(extension);
            draw(&path)?;
            Ok(path)
        })
        .collect()
}
