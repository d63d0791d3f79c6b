//! Faces on a whole photo.

use std::error::Error;
use std::io;
use std::ops::Range;
use std::path::Path;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{ImageResult, RgbImage};
use keypoints_core::{Labels, Point, Region};
use plotters::element::{PathElement, Rectangle};
use plotters::style::{BLACK, Color, ShapeStyle};

use crate::area::{Area, DrawResult, px, sub_px};
use crate::canvas::Canvas;
use crate::error::PlotError;
use crate::mark_style::{MarkStyle, draw_mark};
use crate::raster::paint;
use crate::style::{Align, Colour, fill, line, text, width, write};

/// Quality of JPEG files, from 1 to 100.
const JPEG_QUALITY: u8 = 90;

/// A face on a photo, in pixels of the photo; `(0, 0)` is the centre of the first pixel.
#[derive(Clone, Debug, PartialEq)]
pub struct FaceMarks {
    /// The box around the face. Edges beyond the photo are drawn at its edge.
    pub region: Region,
    /// The points. Those outside of the photo are not drawn.
    pub points: Labels,
    /// What stands above the box; nothing if it is empty.
    pub caption: String,
}

/// Draws faces on a photo, which keeps its size and its other pixels, and stores it: as JPEG (quality 90) if the file's name ends in
/// `.jpg` or `.jpeg`, else as PNG.
///
/// ```
/// use keypoints_core::{Keypoint, Labels, Region};
/// use keypoints_plot::{FaceMarks, photo_overlay};
///
/// let photo = image::RgbImage::from_pixel(640, 480, image::Rgb([120, 160, 200]));
/// let nose = Keypoint::new(10);
/// let points: Labels = [(nose.x(), 320.0), (nose.y(), 250.0)].into_iter().collect();
/// let region = Region::of_pixels(240.0, 160.0, 160.0, 160.0);
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("me.jpg");
/// photo_overlay(&path, photo, &[FaceMarks { region, points, caption: "0.98".into() }])?;
/// assert!(path.exists());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If the photo is too large to draw on, or the file cannot be written.
pub fn photo_overlay(
    path: impl AsRef<Path>,
    mut photo: RgbImage,
    faces: &[FaceMarks],
) -> Result<(), PlotError> {
    let path = path.as_ref();
    draw(&mut photo, faces).map_err(|source| {
        let size = photo.dimensions();
        PlotError::Drawing { path: path.to_owned(), size, source }
    })?;
    let ending = path.extension().unwrap_or_default().to_ascii_lowercase();
    let is_jpeg = ending == "jpg" || ending == "jpeg";
    let stored = keypoints_files::write_with(path, |to| {
        let encoded: ImageResult<()> = match is_jpeg {
            true => photo.write_with_encoder(JpegEncoder::new_with_quality(to, JPEG_QUALITY)),
            false => photo.write_with_encoder(PngEncoder::new(to)),
        };
        encoded.map_err(|error| match error {
            image::ImageError::IoError(error) => error,
            error => io::Error::other(error),
        })
    });
    stored.map_err(|source| PlotError::Write { path: path.to_owned(), source })
}

fn draw(photo: &mut RgbImage, faces: &[FaceMarks]) -> Result<(), Box<dyn Error + Send + Sync>> {
    let (width, height) = photo.dimensions();
    let looks: Vec<Look<'_>> = faces.iter().map(|face| Look::of(face, photo)).collect();
    if looks.is_empty() {
        return Ok(());
    }
    let canvas = Canvas { width, height, pictures: Vec::new() };
    let shapes = canvas.shapes(|area| looks.iter().try_for_each(|look| look.draw(area)))?;
    let touched: Vec<Range<u32>> = looks.iter().map(Look::rows).collect();
    paint(photo, &canvas.document("", &shapes), &touched)
}

/// Where and how large a face is drawn, in pixels from the photo's corner.
struct Look<'a> {
    face: &'a FaceMarks,
    photo: [f64; 2],
    /// Left, top, right, bottom, on the photo.
    bounds: [f64; 4],
    stroke: f64,
    radius: f64,
    text: i32,
}

impl<'a> Look<'a> {
    fn of(face: &'a FaceMarks, photo: &RgbImage) -> Self {
        let photo = [photo.width(), photo.height()].map(f64::from);
        let [left, top, width, height] = face.region.to_pixels();
        let side = width.max(height).clamp(1.0, photo[0].max(photo[1]));
        let on = |place: f64, axis: usize| place.clamp(0.0, photo[axis]);
        Self {
            face,
            photo,
            bounds: [on(left, 0), on(top, 1), on(left + width, 0), on(top + height, 1)],
            stroke: (side / 100.0).max(1.0),
            radius: (side / 65.0).max(1.2),
            text: (side / 9.0).clamp(11.0, 160.0) as i32,
        }
    }

    /// The height of the caption's plate.
    fn plate(&self) -> f64 {
        if self.face.caption.is_empty() { 0.0 } else { f64::from(self.text) * 1.3 }
    }

    /// Where the caption's plate begins: above the box or, without room for it, in the box.
    fn plate_top(&self) -> f64 {
        let [_, top, ..] = self.bounds;
        if top >= self.plate() { top - self.plate() } else { top }
    }

    /// The points on the photo, from its corner.
    fn points(&self) -> impl Iterator<Item = [f64; 2]> {
        let places = self.face.points.points().map(|(_, Point { x, y })| {
            // The centre of the first pixel is half a pixel from its corner.
            [f64::from(x) + 0.5, f64::from(y) + 0.5]
        });
        places.filter(|place| {
            let mut axes = place.iter().zip(self.photo);
            axes.all(|(&place, size)| (0.0..=size).contains(&place))
        })
    }

    /// The rows of the photo that are drawn on.
    fn rows(&self) -> Range<u32> {
        let [_, top, _, bottom] = self.bounds;
        let mut rows = [top.min(self.plate_top()), bottom.max(self.plate_top() + self.plate())];
        for [_, y] in self.points() {
            rows = [rows[0].min(y), rows[1].max(y)];
        }
        let reach = self.stroke + 2.0 * self.radius + 1.0;
        (rows[0] - reach).max(0.0) as u32..(rows[1] + reach).ceil() as u32
    }

    fn draw(&self, area: &Area<'_>) -> DrawResult {
        let [left, top, right, bottom] = self.bounds.map(sub_px);
        let colour = Colour::PREDICTION;
        let rim = ShapeStyle::from(&BLACK.mix(0.6));
        let rim = rim.stroke_width(sub_px(2.0 * self.stroke).unsigned_abs());
        let corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
        for style in [rim, line(colour, self.stroke)] {
            area.draw(&PathElement::new(corners, style))?;
        }
        for place in self.points() {
            let [x, y] = place.map(sub_px);
            draw_mark(area, MarkStyle::Dot, colour, (x, y), self.radius)?;
        }
        if self.face.caption.is_empty() {
            return Ok(());
        }
        let style = text(self.text, Colour(255, 255, 255), true);
        let (from, plate) = (sub_px(self.plate_top()), sub_px(self.plate()));
        let space = px(self.text) / 4;
        let end = left + width(&self.face.caption, &style) + 2 * space;
        area.draw(&Rectangle::new([(left, from), (end, from + plate)], fill(colour)))?;
        write(area, &self.face.caption, &style, Align::Left, (left + space, from + plate / 2))
    }
}
