//! Reads COCO files.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::Path;

use keypoints_core::Labels;
use serde_json::value::RawValue;

use super::json::{File, Image, Object, parse, place};
use super::layout::{Layout, is_labelled};
use crate::annotations::error::{AnnotationError, AnnotationProblem};
use crate::annotations::format::ReadOptions;
use crate::annotations::whole::{checked_name, coordinate, read_whole, region};
use crate::annotations::{Annotation, Annotations, RowNames, picture_path};
use crate::excerpt::excerpt;

/// The largest file that is read. The training file of COCO-WholeBody, the largest in use, has about half of it.
const LARGEST_FILE: u64 = 2 << 30;

/// The picture files by their ids; `None` where two pictures have one id.
type Pictures = HashMap<String, Option<String>>;

pub(super) fn read(path: &Path, options: &ReadOptions) -> Result<Annotations, AnnotationError> {
    let bytes = read_whole(path, LARGEST_FILE)?;
    let file = File::parse(&bytes, path)?;
    let layout = Layout::of(&file, path, options)?;
    let mut faults = Vec::new();
    let pictures = pictures(&file, path, &mut faults);
    let folder = options.pictures.as_deref().or(path.parent()).unwrap_or(Path::new(""));
    let origin = options.origin(0.0);
    let mut names = RowNames::default();
    let mut rows = Vec::new();
    for (index, one) in file.annotations.iter().enumerate() {
        match object(one, &layout, &pictures, origin) {
            Ok(None) => {}
            Ok(Some((named, region, labels))) => {
                let (picture, name) = (picture_path(folder, named), names.next(named));
                rows.push(Annotation { picture, name, region, labels });
            }
            Err(problem) => faults.push(problem.at(path, place(one, "annotation", index))),
        }
    }
    if rows.is_empty() && faults.is_empty() {
        return Err(AnnotationProblem::NoRows.of(path));
    }
    Ok(Annotations { schema: layout.schema, origin: layout.origin, rows, faults })
}

fn pictures(file: &File, path: &Path, faults: &mut Vec<AnnotationError>) -> Pictures {
    let mut pictures = Pictures::new();
    for (index, one) in file.images.iter().enumerate() {
        if let Err(problem) = add_picture(one, &mut pictures) {
            faults.push(problem.at(path, place(one, "image", index)));
        }
    }
    pictures
}

fn add_picture(one: &RawValue, pictures: &mut Pictures) -> Result<(), AnnotationProblem> {
    let image: Image = parse(one)?;
    let missing = |field| AnnotationProblem::Malformed(format!("an image without `{field}`"));
    let id = image.id().ok_or_else(|| missing("id"))?;
    let name = image.file_name.ok_or_else(|| missing("file_name"))?;
    checked_name(&name)?;
    match pictures.entry(id) {
        Entry::Vacant(place) => {
            place.insert(Some(name));
            Ok(())
        }
        Entry::Occupied(mut place) => {
            let problem = two_images(place.key());
            if place.get().as_ref() != Some(&name) {
                place.insert(None);
            }
            Err(problem)
        }
    }
}

fn two_images(id: &str) -> AnnotationProblem {
    let id = excerpt(id.as_bytes());
    AnnotationProblem::Malformed(format!("two images with id {id}; give every image its own"))
}

type Row<'a> = (&'a str, Option<keypoints_core::Region>, Labels);

/// The picture file, box and points of an object. `None` where nothing is labelled.
fn object<'a>(
    one: &RawValue,
    layout: &Layout,
    pictures: &'a Pictures,
    origin: f64,
) -> Result<Option<Row<'a>>, AnnotationProblem> {
    let object: Object = parse(one)?;
    let (field, numbers, bounds) = match (layout.faces, &object.face_kpts) {
        (false, _) => ("keypoints", &object.keypoints, ("bbox", &object.bbox)),
        (true, Some(face)) if object.face_valid != Some(false) => {
            ("face_kpts", face, ("face_box", &object.face_box))
        }
        (true, _) => return Ok(None),
    };
    if object.is_crowd() || !is_labelled(numbers) {
        return Ok(None);
    }
    let malformed = AnnotationProblem::Malformed;
    let points = layout.columns.len();
    if numbers.len() != 3 * points {
        return Err(malformed(format!(
            "`{field}` has {} numbers, but {points} points need {}: x, y and v of each",
            numbers.len(),
            3 * points
        )));
    }
    let mut labels = Labels::default();
    for (keypoint, point) in layout.columns.iter().zip(numbers.chunks_exact(3)) {
        let [x, y, visibility] = *point else { continue };
        // The visibility of WholeBody's points may be any number.
        let is_known =
            if layout.faces { visibility >= 0.0 } else { [0.0, 1.0, 2.0].contains(&visibility) };
        if !is_known {
            let name = layout.schema.name_of(*keypoint);
            return Err(malformed(format!(
                "visibility {visibility:?} of point `{name}`; 0 is a gap, 1 a hidden point, 2 a visible one"
            )));
        }
        if visibility > 0.0 {
            labels.set(keypoint.x(), Some(coordinate(x, origin)?));
            labels.set(keypoint.y(), Some(coordinate(y, origin)?));
        }
    }
    let region = match (bounds.1.len(), <[f64; 4]>::try_from(&bounds.1[..])) {
        (0, _) => None,
        (_, Ok(numbers)) => region(numbers)?,
        (count, Err(_)) => {
            let field = bounds.0;
            let problem = format!("`{field}` has {count} numbers, not 4: x, y, width, height");
            return Err(malformed(problem));
        }
    };
    let id = object.image_id();
    let id = id.ok_or_else(|| malformed("an annotation without `image_id`".to_owned()))?;
    match pictures.get(&id) {
        Some(Some(name)) => Ok(Some((name, region, labels))),
        Some(None) => Err(two_images(&id)),
        None => Err(malformed(format!("no image with id {}", excerpt(id.as_bytes())))),
    }
}
