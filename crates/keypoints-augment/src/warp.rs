//! Where the places of a face go.

use keypoints_core::Point;

use super::config::{PERSPECTIVE, SCALE, SHEAR};
use super::elastic::Elastic;
use super::frame::Frame;
use super::matrix::Homography;
use super::pixels::resample;
use crate::error::AugmentError;

/// What to do to the places of a face, in this order. The default does nothing.
///
/// Rotation, scale, shear, flip and perspective leave the image centre where it is.
#[derive(Clone, Debug, PartialEq)]
pub struct WarpParams {
    /// Mirror image, `x → side − 1 − x`. Left and right keypoints change their names with it.
    pub flip: bool,
    /// Factor, `1/2..=2`.
    pub scale: f64,
    /// Degrees by which vertical lines lean to the right, `-45..=45`.
    pub shear: f64,
    /// Degrees clockwise as seen on the screen.
    pub rotation: f64,
    /// `(u, v)` becomes `(u, v) / (1 + a·u + b·v)` in half images from the centre; each in `-0.2..=0.2`.
    pub perspective: [f64; 2],
    /// Pixels to the right and downwards, each at most half of the side.
    pub shift: [f64; 2],
    /// The pixel at `p` then takes what would lie at `p + elastic(p)`. For pictures of the same side.
    pub elastic: Option<Elastic>,
}

impl Default for WarpParams {
    fn default() -> Self {
        Self {
            flip: false,
            scale: 1.0,
            shear: 0.0,
            rotation: 0.0,
            perspective: [0.0; 2],
            shift: [0.0; 2],
            elastic: None,
        }
    }
}

/// One map for the pixels and the points of a face.
///
/// ```
/// use keypoints_augment::{Warp, WarpParams};
/// use keypoints_core::Point;
///
/// let warp = Warp::new(96, WarpParams { rotation: 90.0, shift: [0.0, 5.0], ..Default::default() })?;
/// let nose = Point { x: 57.5, y: 47.5 }; // ten pixels right of the centre
/// let turned = warp.map_point(nose);
/// assert!((turned.x - 47.5).abs() < 1e-4 && (turned.y - 62.5).abs() < 1e-4);
/// let back = warp.unmap_point(turned);
/// assert!((back.x - nose.x).abs() < 1e-4 && (back.y - nose.y).abs() < 1e-4);
/// # Ok::<(), keypoints_augment::AugmentError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Warp {
    frame: Frame,
    flip: bool,
    mixes_axes: bool,
    /// From the face to the picture before it is bent.
    forward: Homography,
    /// The inverse of `forward`.
    backward: Homography,
    elastic: Option<Elastic>,
}

impl Warp {
    /// Builds the map for pictures of `side` pixels.
    ///
    /// # Errors
    /// [`AugmentError::InvalidConfig`] with the first parameter that is out of range.
    pub fn new(side: usize, params: WarpParams) -> Result<Self, AugmentError> {
        if side < 2 {
            let (field, expected, found) = ("side", "at least 2", side.to_string());
            return Err(AugmentError::InvalidConfig { field, expected, found });
        }
        let frame = Frame { side };
        if let Some(other) = params.elastic.as_ref().map(Elastic::side).filter(|&one| one != side) {
            let (field, expected) = ("elastic", "for pictures of the same side");
            let found = format!("for a side of {other}, not {side}");
            return Err(AugmentError::InvalidConfig { field, expected, found });
        }
        let half = side as f64 / 2.0;
        let WarpParams { scale, shear, rotation, perspective: [a, b], shift: [x, y], .. } = params;
        let checks = [
            ("scale", "in 1/2..=2", scale, 1.0 / SCALE, SCALE),
            ("shear", "in -45..=45", shear, -SHEAR, SHEAR),
            ("rotation", "a finite number", rotation, f64::MIN, f64::MAX),
            ("perspective", "in -0.2..=0.2", a, -PERSPECTIVE, PERSPECTIVE),
            ("perspective", "in -0.2..=0.2", b, -PERSPECTIVE, PERSPECTIVE),
            ("shift", "at most half of the side", x, -half, half),
            ("shift", "at most half of the side", y, -half, half),
        ];
        for (field, expected, found, low, high) in checks {
            if !(low..=high).contains(&found) {
                let found = found.to_string();
                return Err(AugmentError::InvalidConfig { field, expected, found });
            }
        }
        Ok(Self::drawn(frame, params))
    }

    /// A map whose parameters are known to be in range.
    pub(super) fn drawn(frame: Frame, params: WarpParams) -> Self {
        let centre = frame.middle();
        let WarpParams { flip, scale, shear, rotation, perspective, shift, elastic } = params;
        let mirror = if flip { -1.0 } else { 1.0 };
        // The y axis points down: a lean to the right takes x away from what lies lower.
        let lean = -shear.to_radians().tan();
        let (sine, cosine) = rotation.to_radians().sin_cos();
        let perspective = perspective.map(|per_half| per_half / centre);
        let forward = Homography::translation([-centre; 2])
            .then(Homography::linear([[mirror * scale, 0.0], [0.0, scale]]))
            .then(Homography::linear([[1.0, lean], [0.0, 1.0]]))
            .then(Homography::linear([[cosine, -sine], [sine, cosine]]))
            .then(Homography::perspective(perspective))
            .then(Homography::translation(shift.map(|pixels| pixels + centre)));
        let backward = Homography::translation(shift.map(|pixels| -pixels - centre))
            .then(Homography::perspective(perspective.map(|per_pixel| -per_pixel)))
            .then(Homography::linear([[cosine, sine], [-sine, cosine]]))
            .then(Homography::linear([[1.0, -lean], [0.0, 1.0]]))
            .then(Homography::linear([[mirror / scale, 0.0], [0.0, 1.0 / scale]]))
            .then(Homography::translation([centre; 2]));
        let straight = shear == 0.0 && rotation == 0.0 && perspective == [0.0; 2];
        let mixes_axes = !straight || elastic.is_some();
        Self { frame, flip, mixes_axes, forward, backward, elastic }
    }

    /// The square that the pictures fill.
    pub(super) fn frame(&self) -> Frame {
        self.frame
    }

    /// Whether left and right have changed places.
    pub fn flips(&self) -> bool {
        self.flip
    }

    /// Where a place of the face is on the warped picture, in pixels. It may have left the image.
    pub fn map_point(&self, point: Point) -> Point {
        let straight = self.forward.apply([f64::from(point.x), f64::from(point.y)]);
        to_point(self.elastic.as_ref().map_or(straight, |field| field.undo(straight)))
    }

    /// Which place of the face is seen at a place of the warped picture, in pixels: the inverse of
    /// [`Warp::map_point`].
    pub fn unmap_point(&self, point: Point) -> Point {
        let [x, y] = [f64::from(point.x), f64::from(point.y)];
        let [dx, dy] = self.elastic.as_ref().map_or([0.0; 2], |field| field.at([x, y]));
        to_point(self.backward.apply([x + dx, y + dy]))
    }

    /// A picture as this warp shows it: one or more channels, one after the other, each row by row, in any unit. Every pixel is
    /// looked up once, with bilinear interpolation; edge pixels are repeated beyond the edge. `None` unless there are whole
    /// channels.
    ///
    /// ```
    /// use keypoints_augment::{Warp, WarpParams};
    ///
    /// let mut picture = vec![0.0; 64 * 64];
    /// picture[20 * 64 + 30] = 1.0;
    /// let warp = Warp::new(64, WarpParams { shift: [2.0, 1.0], ..Default::default() })?;
    /// let moved = warp.resample(&picture).ok_or("not a picture")?;
    /// assert_eq!(moved[21 * 64 + 32], 1.0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn resample(&self, picture: &[f32]) -> Option<Vec<f32>> {
        let whole = !picture.is_empty() && picture.len().is_multiple_of(self.frame.area());
        let mut target = vec![0.0; picture.len()];
        whole.then(|| self.resample_into(picture, &mut target))?;
        Some(target)
    }

    /// Like [`Warp::resample`], of whole channels.
    pub(super) fn resample_into(&self, picture: &[f32], target: &mut [f32]) {
        resample(self.frame, picture, &self.backward, self.elastic.as_ref(), target);
    }

    /// Whether every place stays where it is.
    pub(super) fn is_identity(&self) -> bool {
        self.forward == Homography::IDENTITY && self.elastic.is_none()
    }

    /// Whether the new x of a point depends on its y, or the other way round.
    pub(super) fn mixes_axes(&self) -> bool {
        self.mixes_axes
    }

    /// Where to look for each pixel, with the image centre at `(0, 0)` and the outermost pixel centres at ±1.
    pub(super) fn backward(&self) -> [[f64; 3]; 3] {
        self.backward.centred(self.frame)
    }

    pub(super) fn elastic(&self) -> Option<&Elastic> {
        self.elastic.as_ref()
    }
}

fn to_point([x, y]: [f64; 2]) -> Point {
    Point { x: x as f32, y: y as f32 }
}

#[cfg(test)]
mod tests;
