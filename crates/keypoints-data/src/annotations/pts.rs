//! `.pts` files as of 300-W, Helen, LFPW and AFW: one per face, beside its picture.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Component, Path, PathBuf};

use keypoints_core::{Coordinate, Labels, Schema};

use super::error::{AnnotationError, AnnotationProblem};
use super::find::{PICTURE_ENDINGS, files_below};
use super::format::{Format, ReadOptions};
use super::points::schema_of_count;
use super::whole::{read_within, write_whole};
use super::{Annotation, Annotations};
use crate::excerpt::excerpt;

/// The largest file that is read: a point takes some 40 bytes.
const LARGEST_FILE: u64 = 1 << 20;

/// A folder of pictures with a `.pts` file each: `face.jpg` and `face.pts` or, for several faces of one picture, `face_1.pts`,
/// `face_2.pts` and so on.
///
/// A line per point, `x y`, counted from 1. The lines `version: 1`, `n_points: 68`, `{` and `}` around them may be missing.
/// `NaN NaN` and `-1 -1` are gaps.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pts;

impl Format for Pts {
    fn name(&self) -> &'static str {
        "pts"
    }

    fn about(&self) -> &'static str {
        "a folder of pictures with a .pts file each, as of 300-W (format pts)"
    }

    fn is_folder(&self) -> bool {
        true
    }

    fn recognises(&self, path: &Path, _head: &[u8]) -> bool {
        path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("pts"))
    }

    fn read(&self, path: &Path, options: &ReadOptions) -> Result<Annotations, AnnotationError> {
        let (folder, files) = match path.is_file() {
            true => (path.parent().unwrap_or(Path::new("")), vec![path.to_owned()]),
            false => {
                let files = files_below(path)?.into_iter();
                (path, files.filter(|file| self.recognises(file, &[])).collect())
            }
        };
        let mut faults = Vec::new();
        let mut read = Vec::new();
        for file in files {
            match read_points(&file) {
                Ok(points) => read.push((file, points)),
                Err(fault) => faults.push(fault),
            }
        }
        // Most files are right about the number of points.
        let mut counts = BTreeMap::<usize, usize>::new();
        for (_, points) in &read {
            *counts.entry(points.len()).or_default() += 1;
        }
        let usual = counts.iter().max_by_key(|(_, files)| **files).map(|(points, _)| *points);
        let Some(usual) = usual else {
            return Err(faults.pop().unwrap_or_else(|| AnnotationProblem::NoRows.of(path)));
        };
        let (schema, origin) = schema_of_count(options.schema.as_ref(), usual, path)?;
        let mut rows = Vec::new();
        for (file, points) in read {
            match row(&file, folder, &points, &schema, options) {
                Ok(row) => rows.push(row),
                Err(fault) => faults.push(fault),
            }
        }
        Ok(Annotations { schema, origin, rows, faults })
    }

    fn write(&self, annotations: &Annotations, path: &Path) -> Result<usize, AnnotationError> {
        for row in &annotations.rows {
            let inside = |part| matches!(part, Component::Normal(_));
            if row.name.is_empty() || !Path::new(&row.name).components().all(inside) {
                let name = excerpt(row.name.as_bytes());
                let reason = format!("`{name}` is no name for a file in the folder");
                return Err(AnnotationProblem::CannotWrite { format: "pts", reason }.of(path));
            }
            let file = path.join(format!("{}.pts", row.name));
            let mut text = format!("version: 1\nn_points: {}\n{{\n", annotations.schema.len());
            for keypoint in annotations.schema.keypoints() {
                let value = |coordinate: Coordinate| match row.labels.get(coordinate) {
                    Some(value) => (f64::from(value) + 1.0).to_string(),
                    None => "NaN".to_owned(),
                };
                let _ = writeln!(text, "{} {}", value(keypoint.x()), value(keypoint.y()));
            }
            text.push_str("}\n");
            write_whole(&file, text.as_bytes())?;
        }
        Ok(annotations.rows.len())
    }
}

fn row(
    file: &Path,
    folder: &Path,
    points: &[Option<[f64; 2]>],
    schema: &Schema,
    options: &ReadOptions,
) -> Result<Annotation, AnnotationError> {
    if points.len() != schema.len() {
        let (expected, found, schema) = (schema.len(), points.len(), schema.name().to_owned());
        return Err(AnnotationProblem::WrongCount { expected, found, schema }.of(file));
    }
    let name = file.strip_prefix(folder).unwrap_or(file).with_extension("");
    let elsewhere = options.pictures.as_ref().map(|pictures| pictures.join(&name));
    let mut beside = [Some(file.with_extension("")), elsewhere].into_iter().flatten();
    let Some(picture) = beside.find_map(|place| picture_of(&place)) else {
        let stem = file.file_stem().unwrap_or_default().to_string_lossy();
        let looked_for = format!("{stem}.{}", PICTURE_ENDINGS.join(", ."));
        return Err(AnnotationProblem::NoPicture { looked_for }.of(file));
    };
    let origin = options.origin(1.0);
    let mut labels = Labels::default();
    for (keypoint, point) in schema.keypoints().zip(points) {
        if let Some([x, y]) = point {
            labels.set(keypoint.x(), Some((x - origin) as f32));
            labels.set(keypoint.y(), Some((y - origin) as f32));
        }
    }
    Ok(Annotation { picture, name: name.to_string_lossy().into_owned(), region: None, labels })
}

/// The picture of a `.pts` file, given without ending: of its name or, for `face_2`, of the name `face`.
fn picture_of(place: &Path) -> Option<PathBuf> {
    let stem = place.file_name()?.to_string_lossy().into_owned();
    let is_number = |end: &str| !end.is_empty() && end.bytes().all(|byte| byte.is_ascii_digit());
    let numbered = stem.rsplit_once('_').filter(|(_, end)| is_number(end));
    let stems = std::iter::once(&*stem).chain(numbered.map(|(start, _)| start));
    let endings = || PICTURE_ENDINGS.iter().flat_map(|one| [one.to_string(), one.to_uppercase()]);
    let names = stems.flat_map(|stem| endings().map(move |ending| format!("{stem}.{ending}")));
    names.map(|name| place.with_file_name(name)).find(|picture| picture.exists())
}

/// The points of a file as it writes them; a gap is `None`.
fn read_points(path: &Path) -> Result<Vec<Option<[f64; 2]>>, AnnotationError> {
    let bytes = read_within(path, LARGEST_FILE)?.ok_or_else(|| {
        let problem = format!("larger than {LARGEST_FILE} bytes, which no .pts file is");
        AnnotationProblem::Malformed(problem).of(path)
    })?;
    let text = String::from_utf8_lossy(&bytes);
    let mut points = Vec::new();
    let mut announced = None;
    let mut open = false;
    let mut closed = false;
    for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let place = || format!("line {}", index + 1);
        let line = line.trim();
        if let Some((key, value)) = line.split_once(':') {
            if key.trim().eq_ignore_ascii_case("n_points") {
                announced = Some(value.trim().to_owned());
            }
            continue;
        }
        match line {
            "" => {}
            "{" => open = true,
            "}" => closed = true,
            _ => {
                let cells: Vec<&str> = line
                    .split(|c: char| c.is_whitespace() || c == ',')
                    .filter(|cell| !cell.is_empty())
                    .collect();
                let [x, y] = cells[..] else {
                    let problem = format!("expected `x y`, found `{}`", excerpt(line.as_bytes()));
                    return Err(AnnotationProblem::Malformed(problem).at(path, place()));
                };
                points.push(point(x, y).map_err(|problem| problem.at(path, place()))?);
            }
        }
    }
    if open && !closed {
        let problem = "the file is cut off: the closing `}` is missing".to_owned();
        return Err(AnnotationProblem::Malformed(problem).of(path));
    }
    if let Some(announced) = announced.filter(|announced| *announced != points.len().to_string()) {
        let problem = format!("n_points says {announced}, but there are {} points", points.len());
        return Err(AnnotationProblem::Malformed(problem).of(path));
    }
    if points.is_empty() {
        return Err(AnnotationProblem::NoRows.of(path));
    }
    Ok(points)
}

fn point(x: &str, y: &str) -> Result<Option<[f64; 2]>, AnnotationProblem> {
    let number = |text: &str| {
        text.parse::<f64>()
            .map_err(|_| AnnotationProblem::NotANumber { found: excerpt(text.as_bytes()) })
    };
    let (x, y) = (number(x)?, number(y)?);
    // Labels are single numbers.
    if (x as f32).is_infinite() || (y as f32).is_infinite() {
        return Err(AnnotationProblem::NotANumber { found: format!("{x} {y}") });
    }
    let gap = x.is_nan() || y.is_nan() || (x, y) == (-1.0, -1.0);
    Ok((!gap).then_some([x, y]))
}
