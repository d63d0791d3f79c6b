//! Reads imglab files.

use std::borrow::Cow;
use std::collections::HashSet;
use std::path::Path;

use keypoints_core::{Labels, Region};
use roxmltree::{Document, Node, ParsingOptions};

use super::points::Points;
use crate::annotations::error::{AnnotationError, AnnotationProblem};
use crate::annotations::format::ReadOptions;
use crate::annotations::whole::{checked_name, coordinate, read_whole, region, without_mark};
use crate::annotations::{Annotation, Annotations, RowNames, picture_path};
use crate::excerpt::excerpt;

/// The largest file that is read: 60 thousand faces of 68 points. In memory it takes ten times as much.
const LARGEST_FILE: u64 = 256 << 20;
/// The most elements and texts of a file. A part and the line end after it are two.
const MOST_NODES: u32 = 1 << 25;
/// The longest message about bad XML; it may repeat text of the file.
const LONGEST_MESSAGE: usize = 200;
/// The most places for points of all rows together: so many, and so many for each part that there is. Rows that each have one of
/// thousands of points would need far more memory than the file.
const MOST_PLACES: (usize, usize) = (1 << 24, 64);

pub(super) fn read(path: &Path, options: &ReadOptions) -> Result<Annotations, AnnotationError> {
    let bytes = read_whole(path, LARGEST_FILE)?;
    let text = decode(without_mark(&bytes));
    let limits = ParsingOptions { nodes_limit: MOST_NODES, ..ParsingOptions::default() };
    let document =
        Document::parse_with_options(&text, limits).map_err(|error| not_xml(error, path))?;
    let root = document.root_element();
    if !root.has_tag_name("dataset") {
        let found = excerpt(root.tag_name().name().as_bytes());
        let problem =
            format!("the outermost element is `{found}`, but that of imglab is `dataset`");
        return Err(AnnotationProblem::Malformed(problem).of(path));
    }
    let images = || elements(root, "images").flat_map(|one| elements(one, "image"));
    let (mut boxes, mut parts) = (0, 0);
    let mut names = Vec::new();
    let mut seen = HashSet::new();
    for one in images().flat_map(objects) {
        boxes += 1;
        for part in elements(one, "part") {
            parts += 1;
            names.extend(part.attribute("name").filter(|name| seen.insert(*name)));
        }
    }
    if boxes == 0 {
        return Err(AnnotationProblem::NoRows.of(path));
    }
    let points = Points::of(names, path, options)?;
    let count = points.schema.len();
    if boxes * count > MOST_PLACES.0 + MOST_PLACES.1 * parts {
        let problem =
            format!("{boxes} boxes with {parts} parts in all, but {count} points of each box");
        return Err(AnnotationProblem::Malformed(problem).of(path));
    }

    let folder = options.pictures.as_deref().or(path.parent()).unwrap_or(Path::new(""));
    let origin = options.origin(0.0);
    let mut lines = Lines { text: &text, at: 0, line: 1 };
    let mut row_names = RowNames::default();
    let (mut rows, mut faults) = (Vec::new(), Vec::new());
    for image in images() {
        let mut fault = |node: Node, problem: AnnotationProblem| {
            let line = lines.line_of(node.range().start);
            faults.push(problem.at(path, format!("line {line}")));
        };
        let file = match attribute(image, "file").and_then(checked_name) {
            Ok(file) => file,
            Err(problem) => {
                fault(image, problem);
                continue;
            }
        };
        for one in objects(image) {
            match object(one, &points, origin) {
                Ok((region, labels)) => {
                    let (picture, name) = (picture_path(folder, file), row_names.next(file));
                    rows.push(Annotation { picture, name, region, labels });
                }
                Err(problem) => fault(one, problem),
            }
        }
    }
    Ok(Annotations { schema: points.schema, origin: points.origin, rows, faults })
}

/// imglab writes that its files are Latin-1, but copies the names of files as the system has them.
fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|&byte| char::from(byte)).collect()),
    }
}

fn not_xml(error: roxmltree::Error, path: &Path) -> AnnotationError {
    let place = error.pos();
    let text = error.to_string();
    let message: String = text.chars().take(LONGEST_MESSAGE).collect();
    let problem = AnnotationProblem::Malformed(match error {
        roxmltree::Error::UnclosedRootNode | roxmltree::Error::UnexpectedEndOfStream => {
            return AnnotationProblem::Malformed("not XML: the file is cut off".into()).of(path);
        }
        roxmltree::Error::NodesLimitReached => {
            format!("more than {MOST_NODES} elements, which is the most that is read")
        }
        roxmltree::Error::DtdDetected => {
            "it has a DTD (`<!DOCTYPE …>`), which imglab does not write; remove it".to_owned()
        }
        _ => format!(
            "not XML: {}",
            message.strip_suffix(&format!(" at {place}")).unwrap_or(&message)
        ),
    });
    problem.at(path, format!("line {}, column {}", place.row, place.col))
}

fn elements<'a, 'input>(
    node: Node<'a, 'input>,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'input>> {
    node.children().filter(move |child| child.has_tag_name(name))
}

/// The boxes of an image that count.
fn objects<'a, 'input>(image: Node<'a, 'input>) -> impl Iterator<Item = Node<'a, 'input>> {
    elements(image, "box").filter(|one| {
        let ignored = one.attribute("ignore").is_some_and(|flag| flag.trim() == "1");
        !ignored && elements(*one, "part").next().is_some()
    })
}

fn attribute<'a>(node: Node<'a, '_>, name: &str) -> Result<&'a str, AnnotationProblem> {
    node.attribute(name).ok_or_else(|| {
        let problem = format!("`{}` without `{name}`", node.tag_name().name());
        AnnotationProblem::Malformed(problem)
    })
}

fn number(node: Node, name: &str) -> Result<f64, AnnotationProblem> {
    let text = attribute(node, name)?.trim();
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
    number.ok_or_else(|| AnnotationProblem::NotANumber { found: excerpt(text.as_bytes()) })
}

/// The box and the points of an object.
fn object(
    one: Node,
    points: &Points,
    origin: f64,
) -> Result<(Option<Region>, Labels), AnnotationProblem> {
    let [left, top, width, height] =
        ["left", "top", "width", "height"].map(|name| number(one, name));
    let region = region([left?, top?, width?, height?])?;
    let mut labels = Labels::default();
    for part in elements(one, "part") {
        let name = attribute(part, "name")?;
        let shown = || excerpt(name.as_bytes());
        let keypoint = points.get(name).ok_or_else(|| {
            let schema = points.schema.name().to_owned();
            AnnotationProblem::UnknownPoint { name: shown(), schema }
        })?;
        if labels.point(keypoint).is_some() {
            let problem = format!("a second part `{}` in one box", shown());
            return Err(AnnotationProblem::Malformed(problem));
        }
        labels.set(keypoint.x(), Some(coordinate(number(part, "x")?, origin)?));
        labels.set(keypoint.y(), Some(coordinate(number(part, "y")?, origin)?));
    }
    Ok((region, labels))
}

/// Counts lines up to places that are asked for in order.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: usize,
}

impl Lines<'_> {
    fn line_of(&mut self, at: usize) -> usize {
        let between = self.text.as_bytes().get(self.at..at).unwrap_or_default();
        self.line += memchr::memchr_iter(b'\n', between).count();
        self.at = at;
        self.line
    }
}
