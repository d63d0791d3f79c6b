//! Many faces with points, side by side.

use std::path::Path;

use crate::canvas::{Canvas, Placed};
use crate::error::PlotError;
use crate::grey::GreyImage;
use crate::header::Header;
use crate::marks::{MarkSet, draw_marks, legend};
use crate::place::Placement;
use crate::style::{Align, INK, px, text, write};

const MARGIN: u32 = 20;
const GAP: u32 = 12;
const CAPTION_SIZE: i32 = 13;
const CAPTION_HEIGHT: u32 = 24;

/// One picture of [`face_grid`].
#[derive(Clone, Debug, PartialEq)]
pub struct FaceCell<'a> {
    /// The face.
    pub image: GreyImage<'a>,
    /// The points on it, in pixels of `image`. The first set is linked with the others.
    pub marks: Vec<MarkSet>,
    /// One line below the face.
    pub caption: String,
}

/// How [`face_grid`] looks.
#[derive(Clone, Debug, PartialEq)]
pub struct FaceGridOptions {
    /// Above the picture; none if empty.
    pub title: String,
    /// Faces side by side, at least 1.
    pub columns: u32,
    /// Pixels of the picture per pixel of a face, at least 1.
    pub scale: u32,
    /// Whether a line leads from each point of the first set of marks to the same point of the others.
    pub link: bool,
}

impl Default for FaceGridOptions {
    fn default() -> Self {
        Self { title: String::new(), columns: 5, scale: 2, link: true }
    }
}

/// Draws faces in rows, enlarged, with their points, captions and a legend.
///
/// ```
/// use keypoints_data::{Keypoint, Labels};
/// use keypoints_plot::{FaceCell, FaceGridOptions, GreyImage, MarkSet, face_grid};
///
/// let pixels = vec![128; 96 * 96];
/// let truth: Labels = [(Keypoint::NoseTip.x(), 48.0), (Keypoint::NoseTip.y(), 57.5)].into_iter().collect();
/// let image = GreyImage::face(&pixels).ok_or("not a face")?;
/// let cell = FaceCell { image, marks: vec![MarkSet::truth(truth)], caption: "row 1".into() };
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("faces.svg");
/// face_grid(&path, &[cell], &FaceGridOptions::default())?;
/// assert!(path.exists());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`PlotError::NothingToDraw`] if there is no face; otherwise if the picture cannot be drawn or
/// written.
pub fn face_grid(
    path: impl AsRef<Path>,
    cells: &[FaceCell<'_>],
    options: &FaceGridOptions,
) -> Result<(), PlotError> {
    let path = path.as_ref();
    if cells.is_empty() {
        return Err(PlotError::NothingToDraw { path: path.to_owned(), what: "faces" });
    }
    let scale = options.scale.max(1);
    let columns = options.columns.max(1).min(cells.len().try_into().unwrap_or(u32::MAX));
    let rows = cells.len().div_ceil(columns as usize) as u32;
    // Faces may differ in size: each gets the room of the largest.
    let widest = cells.iter().map(|cell| cell.image.width()).max().unwrap_or(1);
    let tallest = cells.iter().map(|cell| cell.image.height()).max().unwrap_or(1);
    let has_captions = cells.iter().any(|cell| !cell.caption.is_empty());
    let caption = if has_captions { CAPTION_HEIGHT } else { 0 };
    let cell_width = widest.saturating_mul(scale);
    let cell_height = tallest.saturating_mul(scale).saturating_add(caption);

    let width =
        cell_width.saturating_add(GAP).saturating_mul(columns).saturating_add(2 * MARGIN - GAP);
    // A single small face still leaves room for the words above it.
    let width = if options.title.is_empty() { width } else { width.max(420) };
    let room = i32::try_from(width - 2 * MARGIN).unwrap_or(i32::MAX);
    let entries = legend(cells.iter().flat_map(|cell| &cell.marks));
    let header = Header::new(&options.title, entries, (MARGIN as i32, MARGIN as i32 - 6), room);
    let top = MARGIN + header.height.unsigned_abs();
    let height =
        cell_height.saturating_add(GAP).saturating_mul(rows).saturating_add(top + MARGIN - GAP);

    let corner = |index: usize| {
        let (row, column) = (index as u32 / columns, index as u32 % columns);
        let left = (cell_width.saturating_add(GAP)).saturating_mul(column).saturating_add(MARGIN);
        (left, (cell_height.saturating_add(GAP)).saturating_mul(row).saturating_add(top))
    };
    let images = cells.iter().enumerate().map(|(index, cell)| {
        let (left, top) = corner(index);
        let (width, height) = (cell.image.width() * scale, cell.image.height() * scale);
        Placed { image: cell.image, left, top, width, height }
    });
    let canvas = Canvas { width, height, images: images.collect() };
    canvas.save(path, |area| {
        header.draw(area)?;
        for (cell, placed) in cells.iter().zip(&canvas.images) {
            let placement = Placement::of(placed);
            let radius = 1.6 * f64::from(scale);
            draw_marks(area, &cell.marks, |at| placement.units(at), radius, options.link)?;
            let (left, bottom) = (placed.left + cell_width / 2, placed.top + placed.height);
            let place = (px(left as i32), px((bottom + CAPTION_HEIGHT / 2) as i32));
            let style = text(CAPTION_SIZE, INK, false);
            write(area, &cell.caption, &style, Align::Centre, place)?;
        }
        Ok(())
    })
}
