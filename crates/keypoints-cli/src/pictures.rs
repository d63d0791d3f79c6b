//! The pictures that programs leave behind.

use std::path::{Path, PathBuf};

use anyhow::Context;
use keypoints_data::{FaceDataset, LabelRegime, Labels, NUM_COORDINATES};
use keypoints_plot::{
    Curve, CurveOptions, ErrorOptions, ErrorSeries, FaceCell, FaceGridOptions, GapOptions,
    GreyImage, JudgedFace, MarkSet, count_gaps, face_grid, gap_histogram, keypoint_errors,
    loss_curves, worst_faces,
};
use keypoints_train::metrics::ErrorReport;
use keypoints_train::{EpochRecord, Outcome, RunFolder};

/// Faces in a grid, and in the gallery of the worst.
const GRID: usize = 20;

/// Draws what a dataset looks like: `gaps` (rows per number of missing coordinates) and `faces` (some of
/// both regimes with their points), as PNG and SVG. Returns the files.
///
/// # Errors
/// With the file that cannot be written.
pub fn draw_data_pictures(dataset: &FaceDataset, folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    create(folder)?;
    let counts: [usize; NUM_COORDINATES + 1] = count_gaps(dataset.labels());
    let mut files =
        both(folder, "gaps", |path| gap_histogram(path, &counts, &GapOptions::default()))?;
    let cells: Vec<FaceCell<'_>> = sample(dataset)
        .filter_map(|index| {
            let labels = dataset.labels()[index];
            Some(FaceCell {
                image: GreyImage::face(dataset.images().get(index))?,
                marks: vec![MarkSet::truth(labels)],
                caption: format!("row {}, {} points", index + 1, labels.points().count()),
            })
        })
        .collect();
    let title = "Faces with their labels".to_owned();
    let options = FaceGridOptions { title, ..Default::default() };
    files.extend(both(folder, "faces", |path| face_grid(path, &cells, &options))?);
    Ok(files)
}

/// Evenly spread rows, half of them of each regime where there are enough.
fn sample(dataset: &FaceDataset) -> impl Iterator<Item = usize> + '_ {
    LabelRegime::ALL.into_iter().flat_map(|regime| {
        let rows: Vec<usize> =
            (0..dataset.len()).filter(|&i| dataset.regime(i) == regime).collect();
        let stride = rows.len().div_ceil(GRID / 2).max(1);
        rows.into_iter().step_by(stride)
    })
}

/// Draws how a run went: `loss` (one per network), `keypoint_errors` and `worst_faces`, as PNG and SVG, into
/// the run's `pictures/`. `rows` are the held-out rows. Returns the files.
///
/// # Errors
/// With the file that cannot be written.
pub fn draw_run_pictures(
    run: &RunFolder,
    outcome: &Outcome,
    dataset: &FaceDataset,
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

/// Draws how far predictions are off on rows that were held out: `keypoint_errors` and `worst_faces`, as PNG and SVG,
/// into a folder. Returns the files; none without rows.
///
/// # Errors
/// With the file that cannot be written.
pub fn draw_held_out(
    folder: &Path,
    dataset: &FaceDataset,
    rows: &[usize],
    predictions: &[Labels],
) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    if rows.is_empty() {
        return Ok(files);
    }
    create(folder)?;
    let truth: Vec<Labels> = rows.iter().map(|&row| dataset.labels()[row]).collect();
    let options = ErrorOptions { title: "Error per keypoint".to_owned(), ..Default::default() };
    let series = regime_errors(&truth, predictions);
    files.extend(both(folder, "keypoint_errors", |path| keypoint_errors(path, &series, &options))?);
    let judged: Vec<JudgedFace<'_>> = rows
        .iter()
        .zip(truth.iter().zip(predictions))
        .filter_map(|(&row, (&truth, &prediction))| {
            let image = GreyImage::face(dataset.images().get(row))?;
            Some(JudgedFace { image, truth, prediction, name: format!("row {}", row + 1) })
        })
        .collect();
    let title = "Held-out faces with the largest error".to_owned();
    let options = FaceGridOptions { title, ..Default::default() };
    files.extend(both(folder, "worst_faces", |path| worst_faces(path, &judged, GRID, &options))?);
    Ok(files)
}

fn error_curves(records: &[EpochRecord]) -> Vec<Curve> {
    let train = records.iter().map(|record| (record.epoch as f64, record.train_rmse)).collect();
    let validation = |score: fn(&ErrorReport) -> Option<f64>| {
        let point =
            |record: &EpochRecord| Some((record.epoch as f64, score(record.validation.as_ref()?)?));
        records.iter().filter_map(point).collect::<Vec<_>>()
    };
    let curves = [
        Curve::new("training", train),
        Curve::new("validation, weighted", validation(|report| report.weighted_rmse)).mark_best(),
        Curve::new("validation, full faces", validation(|report| report.rmse_full)),
        Curve::new("validation, four-point faces", validation(|report| report.rmse_four_point)),
    ];
    curves.into_iter().filter(|curve| !curve.points.is_empty()).collect()
}

/// The error of each keypoint, apart for the two regimes.
fn regime_errors(truth: &[Labels], predictions: &[Labels]) -> Vec<ErrorSeries> {
    let series = |(regime, name): (LabelRegime, &str)| {
        let (truth, predictions): (Vec<Labels>, Vec<Labels>) =
            truth.iter().zip(predictions).filter(|(truth, _)| truth.regime() == regime).unzip();
        let report = ErrorReport::compare(&truth, &predictions);
        ErrorSeries::new(name, report.per_keypoint)
    };
    [(LabelRegime::Full, "full faces"), (LabelRegime::FourPoint, "four-point faces")]
        .into_iter()
        .map(series)
        .filter(|series| !series.errors.is_empty())
        .collect()
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
