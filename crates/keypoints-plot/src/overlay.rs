//! One picture with points on it.

use std::path::Path;

use crate::canvas::Canvas;
use crate::error::PlotError;
use crate::marks::{MarkSet, draw_marks};
use crate::picture::Picture;
use crate::place::Placed;

/// How [`overlay`] looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OverlayOptions {
    /// The longest side of the result in pixels, at least 1. `None` takes the picture's own, made larger
    /// by a whole factor if it is small, and smaller if it is very large.
    pub longest_side: Option<u32>,
    /// The radius of a point as a share of the longest side.
    pub radius: f64,
    /// Whether a line leads from each point of the first set of marks to the same point of the others.
    pub link: bool,
}

impl Default for OverlayOptions {
    fn default() -> Self {
        Self { longest_side: None, radius: 0.009, link: true }
    }
}

/// What counts as small and as very large, in pixels.
const COMFORTABLE: std::ops::RangeInclusive<u32> = 480..=1600;

/// Draws points on a picture of any size; nothing is added around it.
///
/// ```
/// use keypoints_core::Keypoint;
/// use keypoints_plot::{MarkSet, OverlayOptions, Picture, overlay};
///
/// let pixels = vec![200; 3 * 640 * 480];
/// let photograph = Picture::colour(&pixels, 640, 480).ok_or("wrong size")?;
/// let nose = Keypoint::new(10);
/// let nose = [(nose.x(), 320.0), (nose.y(), 250.0)];
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("me.png");
/// let marks = [MarkSet::prediction(nose.into_iter().collect())];
/// overlay(&path, photograph, &marks, &OverlayOptions::default())?;
/// assert!(path.exists());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If the picture cannot be drawn or written.
pub fn overlay(
    path: impl AsRef<Path>,
    picture: Picture<'_>,
    marks: &[MarkSet],
    options: &OverlayOptions,
) -> Result<(), PlotError> {
    let longest = picture.width().max(picture.height());
    let side = options.longest_side.map_or_else(|| comfortable(longest), |side| side.max(1));
    let scaled = |length: u32| {
        let length = f64::from(length) * f64::from(side) / f64::from(longest);
        // Saturates, and a picture that is too large is refused later on.
        (length.round() as u32).max(1)
    };
    let (width, height) = (scaled(picture.width()), scaled(picture.height()));
    let pictures = vec![Placed { picture, left: 0, top: 0, width, height }];
    let radius = (options.radius * f64::from(side)).max(1.5);
    let canvas = Canvas { width, height, pictures };
    canvas.save(path.as_ref(), |area| {
        canvas
            .pictures
            .iter()
            .try_for_each(|one| draw_marks(area, marks, one, radius, options.link))
    })
}

fn comfortable(longest: u32) -> u32 {
    match longest {
        small if small < *COMFORTABLE.start() => small * COMFORTABLE.start().div_ceil(small),
        other => other.min(*COMFORTABLE.end()),
    }
}
