//! The JSON of a COCO file, as far as it is read.

use std::path::Path;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::annotations::error::{AnnotationError, AnnotationProblem};
use crate::annotations::whole::without_mark;
use crate::excerpt::excerpt;

/// The longest message about bad JSON; it may repeat text of the file.
const LONGEST_MESSAGE: usize = 200;

/// A whole file. Its images and annotations are read one by one, so that a bad one is left out alone.
#[derive(Deserialize)]
pub(super) struct File<'a> {
    #[serde(borrow)]
    pub(super) images: Vec<&'a RawValue>,
    #[serde(borrow)]
    pub(super) annotations: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) categories: Vec<Category<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Category<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    pub(super) name: Option<String>,
    #[serde(default, deserialize_with = "list")]
    pub(super) keypoints: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct Image<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    pub(super) file_name: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Object<'a> {
    #[serde(borrow)]
    image_id: Option<&'a RawValue>,
    #[serde(borrow)]
    category_id: Option<&'a RawValue>,
    #[serde(borrow)]
    iscrowd: Option<&'a RawValue>,
    #[serde(default, deserialize_with = "list")]
    pub(super) keypoints: Vec<f64>,
    #[serde(default, deserialize_with = "list")]
    pub(super) bbox: Vec<f64>,
    /// `None` in files that are not of COCO-WholeBody.
    pub(super) face_kpts: Option<Vec<f64>>,
    #[serde(default, deserialize_with = "list")]
    pub(super) face_box: Vec<f64>,
    pub(super) face_valid: Option<bool>,
}

/// The number of anything that has one.
#[derive(Deserialize)]
struct Numbered<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
}

/// A list that may be `null`.
fn list<'a, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: serde::Deserializer<'a>,
    T: Deserialize<'a>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

impl<'a> File<'a> {
    pub(super) fn parse(bytes: &'a [u8], path: &Path) -> Result<Self, AnnotationError> {
        let text = without_mark(bytes);
        let start = text.trim_ascii_start();
        if !start.starts_with(b"{") {
            let problem = format!(
                "not a JSON file of COCO: expected an object with `images` and `annotations`, found `{}`",
                excerpt(start)
            );
            return Err(AnnotationProblem::Malformed(problem).of(path));
        }
        serde_json::from_slice(text).map_err(|error| {
            let place = format!("line {}, column {}", error.line(), error.column());
            let message = match is_not_finite(text, &error) {
                true => "JSON has no NaN and no infinity; write a gap as `0, 0, 0`".to_owned(),
                false => format!("not a JSON file of COCO: {}", message(&error)),
            };
            AnnotationProblem::Malformed(message).at(path, place)
        })
    }
}

impl Category<'_> {
    pub(super) fn id(&self) -> Option<String> {
        id(self.id)
    }
}

impl Image<'_> {
    pub(super) fn id(&self) -> Option<String> {
        id(self.id)
    }
}

impl Object<'_> {
    pub(super) fn image_id(&self) -> Option<String> {
        id(self.image_id)
    }

    pub(super) fn category_id(&self) -> Option<String> {
        id(self.category_id)
    }

    pub(super) fn is_crowd(&self) -> bool {
        self.iscrowd.is_some_and(|flag| matches!(flag.get(), "1" | "true"))
    }
}

/// One image or annotation.
pub(super) fn parse<'a, T: Deserialize<'a>>(one: &'a RawValue) -> Result<T, AnnotationProblem> {
    let text = one.get();
    if !text.starts_with('{') {
        let problem = format!("expected an object, found `{}`", excerpt(text.as_bytes()));
        return Err(AnnotationProblem::Malformed(problem));
    }
    serde_json::from_str(text).map_err(|error| AnnotationProblem::Malformed(message(&error)))
}

/// The number of an image or annotation, if it has one.
pub(super) fn id_of(one: &RawValue) -> Option<String> {
    id(parse::<Numbered>(one).ok()?.id)
}

/// An id as text. Some tools write numbers as texts, or with a decimal.
fn id(id: Option<&RawValue>) -> Option<String> {
    let text = id?.get();
    match text.as_bytes().first()? {
        b'"' => serde_json::from_str(text).ok(),
        b'-' | b'0'..=b'9' => Some(text.strip_suffix(".0").unwrap_or(text).to_owned()),
        _ => None,
    }
}

/// What is wrong, without the place: it may be counted from the start of one row.
fn message(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&place).unwrap_or(&text).chars().take(LONGEST_MESSAGE).collect()
}

/// Whether the JSON ends at a `NaN` or `Infinity`, which Python writes.
fn is_not_finite(text: &[u8], error: &serde_json::Error) -> bool {
    let line = text.split(|&byte| byte == b'\n').nth(error.line().saturating_sub(1));
    let at = error.column().saturating_sub(1);
    let rest = line.and_then(|line| line.get(at..)).unwrap_or_default();
    rest.starts_with(b"NaN") || rest.starts_with(b"Inf")
}

/// The place of an image or annotation: its id or, without one, its position.
pub(super) fn place(one: &RawValue, kind: &str, index: usize) -> String {
    match id_of(one) {
        Some(id) => format!("{kind} {}", excerpt(id.as_bytes())),
        None => format!("{kind}s[{index}]"),
    }
}
