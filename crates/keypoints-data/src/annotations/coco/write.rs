//! Writes COCO files.

use std::collections::HashMap;
use std::path::Path;

use keypoints_core::Region;
use serde::Serialize;

use crate::annotations::error::{AnnotationError, AnnotationProblem};
use crate::annotations::whole::{decimal, unwritable, write_whole};
use crate::annotations::{Annotation, Annotations, picture_name};

/// Whole numbers up to here are written without a decimal point.
const LARGEST_WHOLE: f64 = 1e15;

#[derive(Serialize)]
struct File<'a> {
    info: Info<'a>,
    licenses: [(); 0],
    images: Vec<Image>,
    annotations: Vec<Object>,
    categories: [Category<'a>; 1],
}

#[derive(Serialize)]
struct Info<'a> {
    description: &'a str,
}

#[derive(Serialize)]
struct Image {
    id: usize,
    file_name: String,
}

#[derive(Serialize)]
struct Object {
    id: usize,
    image_id: usize,
    category_id: usize,
    keypoints: Vec<Number>,
    num_keypoints: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    bbox: Option<[Number; 4]>,
    area: Number,
    iscrowd: u8,
}

#[derive(Serialize)]
struct Category<'a> {
    id: usize,
    name: &'a str,
    supercategory: &'a str,
    keypoints: &'a [String],
    skeleton: [[usize; 2]; 0],
}

#[derive(Serialize)]
#[serde(untagged)]
enum Number {
    Whole(i64),
    Real(f64),
}

impl From<f64> for Number {
    fn from(value: f64) -> Self {
        let is_whole = value.fract() == 0.0 && value.abs() <= LARGEST_WHOLE;
        // Whole numbers have no negative zero.
        match is_whole && (value != 0.0 || value.is_sign_positive()) {
            true => Self::Whole(value as i64),
            false => Self::Real(value),
        }
    }
}

pub(super) fn write(annotations: &Annotations, path: &Path) -> Result<usize, AnnotationError> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let schema = &annotations.schema;
    let mut ids = HashMap::new();
    let mut images = Vec::new();
    let mut objects = Vec::new();
    for (index, row) in annotations.rows.iter().enumerate() {
        let image_id = *ids.entry(&row.picture).or_insert_with(|| {
            let id = images.len() + 1;
            images.push(Image { id, file_name: picture_name(folder, &row.picture) });
            id
        });
        objects.push(object(row, index + 1, image_id, schema.len()).map_err(|reason| {
            let problem = AnnotationProblem::CannotWrite { format: "coco", reason };
            problem.at(path, &row.name)
        })?);
    }
    let name = schema.name();
    let (keypoints, skeleton) = (schema.names(), []);
    let file = File {
        info: Info { description: name },
        licenses: [],
        images,
        annotations: objects,
        categories: [Category { id: 1, name, supercategory: name, keypoints, skeleton }],
    };
    let text =
        serde_json::to_vec(&file).map_err(|error| AnnotationProblem::Io(error.into()).of(path))?;
    write_whole(path, &text)?;
    Ok(1)
}

fn object(row: &Annotation, id: usize, image_id: usize, points: usize) -> Result<Object, String> {
    let region = row.region.or_else(|| Region::of_points(&row.labels));
    if let Some(reason) = unwritable(&row.labels, region) {
        return Err(reason.to_owned());
    }
    let mut keypoints: Vec<Number> = (0..3 * points).map(|_| Number::Whole(0)).collect();
    let mut num_keypoints = 0;
    for (keypoint, point) in row.labels.points() {
        let first = 3 * keypoint.index();
        let Some(place) = keypoints.get_mut(first..first + 3) else {
            return Err(format!("a point beyond the {points} of the schema"));
        };
        place.swap_with_slice(&mut [
            decimal(point.x).into(),
            decimal(point.y).into(),
            Number::Whole(2),
        ]);
        num_keypoints += 1;
    }
    let bbox = region.map(Region::to_pixels);
    let area = bbox.map_or(0.0, |[_, _, width, height]| width * height).min(f64::MAX);
    Ok(Object {
        id,
        image_id,
        category_id: 1,
        keypoints,
        num_keypoints,
        bbox: bbox.map(|numbers| numbers.map(Number::from)),
        area: area.into(),
        iscrowd: 0,
    })
}
