//! Pictures of facial-keypoint data and training: gaps, faces, curves, errors, comparisons.
//!
//! | to see | use |
//! | --- | --- |
//! | how many labels are missing | [`gap_histogram`] |
//! | faces with their points | [`face_grid`] |
//! | how a training went | [`loss_curves`] |
//! | which keypoints are hard | [`keypoint_errors`] |
//! | where a network goes wrong | [`worst_faces`] |
//! | which of several ways is better, seed by seed | [`score_dots`] |
//! | how many faces are good enough | [`cumulative_errors`] |
//! | what a hyper-parameter search found | [`sweep_scatter`] |
//! | the prediction for one photograph | [`overlay`] |
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

mod canvas;
mod chart;
mod cumulative_errors;
mod curves;
mod error;
mod faces;
mod gaps;
mod grey;
mod header;
mod keypoint_errors;
mod marks;
mod overlay;
mod place;
mod raster;
mod score_dots;
mod score_layout;
mod style;
mod sweep;
mod sweep_scatter;
mod ticks;
mod worst;
mod wrap;

pub use cumulative_errors::{CumulativeOptions, CumulativeSeries, cumulative_errors};
pub use curves::{Curve, CurveOptions, loss_curves};
pub use error::PlotError;
pub use faces::{FaceCell, FaceGridOptions, face_grid};
pub use gaps::{GapOptions, count_gaps, gap_histogram};
pub use grey::GreyImage;
pub use keypoint_errors::{ErrorOptions, ErrorSeries, KeypointOrder, keypoint_errors};
pub use marks::{MarkSet, MarkStyle};
pub use overlay::{OverlayOptions, overlay};
pub use score_dots::{ScoreOptions, ScoreRow, score_dots};
pub use style::Colour;
pub use sweep::{BetterScore, SweepParameter, SweepTrial};
pub use sweep_scatter::{SweepOptions, sweep_scatter};
pub use worst::{JudgedFace, worst_faces};
