//! Pictures of keypoint data and training: gaps, labelled pictures, curves, errors, comparisons.
//!
//! | to see | use |
//! | --- | --- |
//! | how many labels are missing | [`gap_histogram`] |
//! | pictures with their points | [`picture_grid`] |
//! | how a training went | [`loss_curves`] |
//! | which keypoints are hard | [`keypoint_errors`] |
//! | where a network goes wrong | [`worst_pictures`] |
//! | which of several ways is better, seed by seed | [`score_dots`] |
//! | how many rows are good enough | [`cumulative_errors`] |
//! | what a hyper-parameter search found | [`sweep_scatter`] |
//! | the prediction for one face crop | [`overlay`] |
//! | the faces that were found on a photo | [`photo_overlay`] |
//!
//! Keypoints, label sources and pictures of any kind are drawn: names come from the caller or the dataset's
//! [`Schema`](keypoints_core::Schema), and a [`Picture`] is grey or in colour, of any size.
//!
//! The extension of the file's name chooses between PNG and SVG. Both look the same: a picture is drawn
//! once, as SVG, and a PNG is made from that with an embedded font, so that it needs nothing from the
//! machine. Files are replaced whole or not at all.
//!
//! ```
//! use keypoints_plot::{Curve, CurveOptions, loss_curves};
//!
//! let folder = tempfile::tempdir()?;
//! let curve = Curve::new("validation", vec![(1.0, 3.2), (2.0, 1.9), (3.0, 2.0)]).mark_best();
//! for name in ["loss.png", "loss.svg"] {
//!     loss_curves(folder.path().join(name), &[curve.clone()], &CurveOptions::default())?;
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod area;
mod canvas;
mod chart;
mod cumulative_errors;
mod curves;
mod error;
mod faces;
mod gaps;
mod grid;
mod header;
mod keypoint_errors;
mod mark_style;
mod marks;
mod overlay;
mod picture;
mod place;
mod raster;
mod score_dots;
mod score_layout;
mod scores;
mod style;
mod sweep;
mod sweep_scatter;
mod ticks;
mod worst;
mod wrap;

pub use cumulative_errors::{CumulativeOptions, CumulativeSeries, cumulative_errors};
pub use curves::{Curve, CurveOptions, loss_curves};
pub use error::PlotError;
pub use faces::{FaceMarks, photo_overlay};
pub use gaps::{GapOptions, count_gaps, gap_histogram};
pub use grid::{PictureCell, PictureGridOptions, picture_grid};
pub use keypoint_errors::{ErrorOptions, ErrorSeries, KeypointOrder, keypoint_errors};
pub use mark_style::MarkStyle;
pub use marks::MarkSet;
pub use overlay::{OverlayOptions, overlay};
pub use picture::Picture;
pub use score_dots::score_dots;
pub use scores::{ScoreOptions, ScoreRow};
pub use style::Colour;
pub use sweep::{BetterScore, SweepParameter, SweepTrial};
pub use sweep_scatter::{SweepOptions, sweep_scatter};
pub use worst::{JudgedPicture, worst_pictures};
