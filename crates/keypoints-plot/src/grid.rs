//! Many pictures with points, side by side.

use std::path::Path;

use crate::area::px;
use crate::canvas::Canvas;
use crate::error::PlotError;
use crate::header::Header;
use crate::marks::{MarkSet, draw_marks, legend};
use crate::picture::Picture;
use crate::place::Placed;
use crate::style::{Align, INK, text, write};

const MARGIN: u32 = 20;
const GAP: u32 = 12;
const CAPTION_SIZE: i32 = 13;
const CAPTION_HEIGHT: u32 = 24;

/// The radius of a point as a share of the largest picture's longest side.
const RADIUS: f64 = 1.0 / 60.0;

/// One picture of [`picture_grid`].
#[derive(Clone, Debug, PartialEq)]
pub struct PictureCell<'a> {
    /// The picture.
    pub picture: Picture<'a>,
    /// The points on it, in its pixels. The first set is linked with the others.
    pub marks: Vec<MarkSet>,
    /// One line below the picture.
    pub caption: String,
}

/// How [`picture_grid`] looks.
#[derive(Clone, Debug, PartialEq)]
pub struct PictureGridOptions {
    /// Above the pictures; none if empty.
    pub title: String,
    /// Pictures side by side, at least 1.
    pub columns: u32,
    /// Longest side of the largest picture in the grid, in pixels, at least 1. All pictures are enlarged or reduced by the same
    /// factor.
    pub side: u32,
    /// Whether a line leads from each point of the first set of marks to the same point of the others.
    pub link: bool,
}

impl Default for PictureGridOptions {
    fn default() -> Self {
        Self { title: String::new(), columns: 5, side: 192, link: true }
    }
}

/// Draws pictures in rows, with their points, captions and a legend.
///
/// ```
/// use keypoints_core::{Keypoint, Labels, PictureShape, Pictures, Point};
/// use keypoints_plot::{MarkSet, Picture, PictureCell, PictureGridOptions, picture_grid};
///
/// let pictures = Pictures::new(PictureShape::grey(96), vec![128; 96 * 96]).ok_or("not whole pictures")?;
/// let mut truth = Labels::default();
/// truth.set_point(Keypoint::new(0), Point { x: 48.0, y: 57.5 });
/// let picture = Picture::of(&pictures, 0).ok_or("no such picture")?;
/// let cell = PictureCell { picture, marks: vec![MarkSet::truth(truth)], caption: "row 1".into() };
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("pictures.svg");
/// picture_grid(&path, &[cell], &PictureGridOptions::default())?;
/// assert!(path.exists());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`PlotError::NothingToDraw`] if there is no picture; otherwise if the grid cannot be drawn or written.
pub fn picture_grid(
    path: impl AsRef<Path>,
    cells: &[PictureCell<'_>],
    options: &PictureGridOptions,
) -> Result<(), PlotError> {
    let path = path.as_ref();
    if cells.is_empty() {
        return Err(PlotError::NothingToDraw { path: path.to_owned(), what: "pictures" });
    }
    // Pictures may differ in size: each gets the room of the largest.
    let widest = cells.iter().map(|cell| cell.picture.width()).max().unwrap_or(1);
    let tallest = cells.iter().map(|cell| cell.picture.height()).max().unwrap_or(1);
    let side = options.side.max(1);
    let scaled = |length: u32| {
        let length = f64::from(length) * f64::from(side) / f64::from(widest.max(tallest));
        (length.round() as u32).max(1)
    };
    let columns = options.columns.max(1).min(cells.len().try_into().unwrap_or(u32::MAX));
    let rows = cells.len().div_ceil(columns as usize) as u32;
    let has_captions = cells.iter().any(|cell| !cell.caption.is_empty());
    let caption = if has_captions { CAPTION_HEIGHT } else { 0 };
    let cell_width = scaled(widest);
    let cell_height = scaled(tallest).saturating_add(caption);

    let width =
        cell_width.saturating_add(GAP).saturating_mul(columns).saturating_add(2 * MARGIN - GAP);
    // A single small picture still leaves room for the words above it.
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
    let pictures = cells.iter().enumerate().map(|(index, cell)| {
        let (left, top) = corner(index);
        let (width, height) = (scaled(cell.picture.width()), scaled(cell.picture.height()));
        Placed { picture: cell.picture, left, top, width, height }
    });
    let canvas = Canvas { width, height, pictures: pictures.collect() };
    let radius = RADIUS * f64::from(side);
    canvas.save(path, |area| {
        header.draw(area)?;
        for (cell, placed) in cells.iter().zip(&canvas.pictures) {
            draw_marks(area, &cell.marks, placed, radius, options.link)?;
            let (left, bottom) = (placed.left + cell_width / 2, placed.top + placed.height);
            let place = (px(left as i32), px((bottom + CAPTION_HEIGHT / 2) as i32));
            let style = text(CAPTION_SIZE, INK, false);
            write(area, &cell.caption, &style, Align::Centre, place)?;
        }
        Ok(())
    })
}
