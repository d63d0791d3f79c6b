//! The area that all pictures are drawn in, and its units.

use std::io;

use plotters::coord::Shift;
use plotters::drawing::DrawingAreaErrorKind;
use plotters::prelude::{DrawingArea, SVGBackend};

/// Where plotters draws, in drawing units (see [`px`]).
pub(crate) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
pub(crate) type DrawError = DrawingAreaErrorKind<io::Error>;
pub(crate) type DrawResult = Result<(), DrawError>;

/// Plotters counts in whole numbers; we count in eighths of a pixel, so that curves run smoothly and a
/// point lies where it is.
pub(crate) const UNITS: i32 = 8;

/// Whole pixels in drawing units.
pub(crate) const fn px(pixels: i32) -> i32 {
    pixels * UNITS
}

/// Pixels in drawing units, to the nearest.
pub(crate) fn sub_px(pixels: f64) -> i32 {
    (pixels * f64::from(UNITS)).round() as i32
}
