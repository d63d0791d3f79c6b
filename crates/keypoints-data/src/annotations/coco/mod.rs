//! COCO keypoints: one JSON file.

mod json;
mod layout;
mod read;
mod write;

use std::path::Path;

use super::Annotations;
use super::error::AnnotationError;
use super::format::{Format, ReadOptions};
use super::points::POINTS_FILE;
use super::whole::without_mark;

/// Keypoints in the JSON of COCO (<https://cocodataset.org/#format-data>), which most annotation tools export.
///
/// `images` name the picture files, `categories` the points, and each of `annotations` is an object: `x, y, v` for each point,
/// where `v` is 0 for a gap, 1 for a hidden and 2 for a visible point, and a box `x, y, width, height` from the photo's corner.
/// Crowds (`iscrowd`) and objects without a labelled point are passed over.
///
/// COCO's own points are pixel indices: 0 is the centre of the first pixel. Annotation tools often count from its edge; for their
/// files set [`ReadOptions::from_edge`].
///
/// Where annotations have `face_kpts`, as in COCO-WholeBody (<https://github.com/jin-s13/COCO-WholeBody>), the faces are read
/// with `face_box`: by default with schema `coco-face-68`. A schema with the points of the category reads the bodies instead.
///
/// Files are written with `v` 2 for all points that are there. A row without any is written, but not read again.
#[derive(Clone, Copy, Debug)]
pub(super) struct Coco;

impl Format for Coco {
    fn name(&self) -> &'static str {
        "coco"
    }

    fn about(&self) -> &'static str {
        "a JSON file of COCO keypoints, or of COCO-WholeBody's faces (format coco)"
    }

    fn recognises(&self, path: &Path, head: &[u8]) -> bool {
        path.file_name().is_none_or(|name| name != POINTS_FILE) && has_list(without_mark(head))
    }

    fn read(&self, path: &Path, options: &ReadOptions) -> Result<Annotations, AnnotationError> {
        read::read(path, options)
    }

    fn write(&self, annotations: &Annotations, path: &Path) -> Result<usize, AnnotationError> {
        write::write(annotations, path)
    }
}

/// Whether the text starts as a JSON object with one of COCO's lists. The end of the text may be missing.
fn has_list(head: &[u8]) -> bool {
    let head = head.trim_ascii_start();
    if head.first() != Some(&b'{') {
        return false;
    }
    let mut depth = 0_usize;
    let mut key: &[u8] = &[];
    let mut at = 0;
    while let Some(&byte) = head.get(at) {
        at += 1;
        match byte {
            b'"' => {
                let start = at;
                while head.get(at).is_some_and(|&byte| byte != b'"') {
                    at += if head[at] == b'\\' { 2 } else { 1 };
                }
                let end = at.min(head.len());
                if depth == 1 {
                    key = &head[start..end];
                }
                at = end + 1;
            }
            b'[' if depth == 1 && matches!(key, b"images" | b"annotations" | b"categories") => {
                return true;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth <= 1 => return false,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
    }
    false
}
