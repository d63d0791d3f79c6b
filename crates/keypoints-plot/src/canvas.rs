//! A picture on its way into a file: drawn once as SVG, stored as SVG or PNG.

use std::error::Error;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use plotters::prelude::{IntoDrawingArea, SVGBackend};

use crate::area::{Area, DrawResult, UNITS};
use crate::error::PlotError;
use crate::place::Placed;
use crate::raster;

/// A white sheet of a certain size, with pictures below whatever is drawn.
pub(crate) struct Canvas<'a> {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) pictures: Vec<Placed<'a>>,
}

#[derive(Clone, Copy)]
enum Format {
    Png,
    Svg,
}

impl Canvas<'_> {
    /// Draws and stores, as PNG or as SVG by the extension of the file's name. The old file stays until
    /// the new one is whole.
    pub(crate) fn save<F>(&self, path: &Path, draw: F) -> Result<(), PlotError>
    where
        F: FnOnce(&Area<'_>) -> DrawResult,
    {
        let format = format_of(path)?;
        let failed = |source| PlotError::Drawing {
            path: path.to_owned(),
            size: (self.width, self.height),
            source,
        };
        let shapes = self.shapes(draw).map_err(failed)?;
        let bytes = match format {
            // The bitmap has its background and its pictures already.
            Format::Png => {
                let (size, document) = ((self.width, self.height), self.document("", &shapes));
                raster::png(size, &self.pictures, &document).map_err(failed)?
            }
            Format::Svg => {
                let below = self.background().map_err(failed)?;
                self.document(&below, &shapes).into_bytes()
            }
        };
        keypoints_files::write(path, &bytes)
            .map_err(|source| PlotError::Write { path: path.to_owned(), source })
    }

    /// What plotters draws, as SVG elements in drawing units.
    pub(crate) fn shapes<F>(&self, draw: F) -> Result<String, Box<dyn Error + Send + Sync>>
    where
        F: FnOnce(&Area<'_>) -> DrawResult,
    {
        let units = UNITS.unsigned_abs();
        let fits =
            |side: u32| side.checked_mul(units).filter(|&units| i32::try_from(units).is_ok());
        let size = fits(self.width).zip(fits(self.height)).ok_or("the picture is too large")?;
        let mut svg = String::new();
        let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        draw(&area)?;
        area.present()?;
        drop(area);
        // Between the tags of the document, which counts in pixels.
        let start = svg.find(">\n").map_or(0, |end| end + 2);
        let end = svg.rfind("</svg>").unwrap_or(svg.len());
        Ok(svg[start..end].to_owned())
    }

    pub(crate) fn document(&self, below: &str, shapes: &str) -> String {
        let Self { width, height, .. } = self;
        let scale = 1.0 / f64::from(UNITS);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\">\n{below}\
             <g transform=\"scale({scale})\" stroke-linejoin=\"round\" stroke-linecap=\"round\">\n\
             {shapes}</g>\n</svg>\n"
        )
    }

    /// White, and the pictures.
    fn background(&self) -> Result<String, Box<dyn Error + Send + Sync>> {
        let (width, height) = (self.width, self.height);
        let mut elements =
            format!("<rect width=\"{width}\" height=\"{height}\" fill=\"#FFFFFF\"/>\n");
        for Placed { picture, left, top, width, height } in &self.pictures {
            let data = STANDARD.encode(picture.png()?);
            elements += &format!(
                "<image x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" \
                 preserveAspectRatio=\"none\" href=\"data:image/png;base64,{data}\"/>\n"
            );
        }
        Ok(elements)
    }
}

fn format_of(path: &Path) -> Result<Format, PlotError> {
    let found = path.extension().unwrap_or_default().to_string_lossy();
    match found.to_ascii_lowercase().as_str() {
        "png" => Ok(Format::Png),
        "svg" => Ok(Format::Svg),
        _ => Err(PlotError::UnknownExtension { path: path.to_owned(), found: found.into_owned() }),
    }
}
