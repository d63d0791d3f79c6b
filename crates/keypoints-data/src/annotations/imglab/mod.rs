//! dlib's imglab: one XML file.

mod points;
mod read;
mod write;

use std::path::Path;

use super::Annotations;
use super::error::AnnotationError;
use super::format::{Format, ReadOptions};
use super::whole::without_mark;

/// The XML of dlib's annotation tool imglab (<https://github.com/davisking/dlib/tree/master/tools/imglab>), which dlib's shape
/// predictors are trained with.
///
/// Each `image` of `dataset/images` names its `file` and has a `box` (`left`, `top`, `width`, `height`) for each object, and a
/// box has a `part` (`name`, `x`, `y`) for each point. A part that is missing is a gap. Boxes with `ignore='1'` and boxes without
/// parts are passed over. Coordinates are pixel indices: 0 is the centre of the first pixel.
///
/// Parts are matched with a given schema by name, and numbers by position: from 1 if no part is called 0 and the largest number is
/// that of the schema's points, else from 0. Without a schema, parts that are numbered without holes from 0 or 1 are
/// the points of a built-in schema with so many; other names are points in the order in which they first occur.
///
/// dlib itself reads whole numbers only. Files are written with decimals where points or boxes have them, so that nothing is lost.
/// A row without a box gets that of the whole pixels around its points.
///
/// Files are written as UTF-8. They are read as UTF-8 or, where they are not, as Latin-1, whatever their first line says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Imglab;

impl Format for Imglab {
    fn name(&self) -> &'static str {
        "imglab"
    }

    fn about(&self) -> &'static str {
        "an XML file of dlib's imglab (format imglab)"
    }

    fn recognises(&self, _path: &Path, head: &[u8]) -> bool {
        let head = without_mark(head).trim_ascii_start();
        let has = |tag: &str| {
            memchr::memmem::find_iter(head, tag).any(|at| {
                let after = head.get(at + tag.len());
                after.is_none_or(|byte| byte.is_ascii_whitespace() || b"/>".contains(byte))
            })
        };
        head.starts_with(b"<dataset") && has("<dataset")
            || head.starts_with(b"<?xml") && (has("<dataset") || has("<images"))
    }

    fn read(&self, path: &Path, options: &ReadOptions) -> Result<Annotations, AnnotationError> {
        read::read(path, options)
    }

    fn write(&self, annotations: &Annotations, path: &Path) -> Result<usize, AnnotationError> {
        write::write(annotations, path)
    }
}
