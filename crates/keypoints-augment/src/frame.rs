//! The square that places lie in.

use keypoints_core::PictureShape;

/// A square picture of so many pixels, as places see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) side: usize,
}

impl Frame {
    pub(super) fn of(shape: PictureShape) -> Self {
        Self { side: shape.side }
    }

    /// Pixels of one channel.
    pub(super) fn area(self) -> usize {
        self.side * self.side
    }

    /// The last pixel centre of a row or column: places on the picture are in `0..=last`.
    pub(super) fn last(self) -> f64 {
        (self.side - 1) as f64
    }

    /// The middle of the picture, which rotation, scale and flip leave where it is.
    pub(super) fn middle(self) -> f64 {
        self.last() / 2.0
    }

    /// Whether a place along one axis lies between the outermost pixel centres.
    pub(super) fn has(self, pixels: f32) -> bool {
        (0.0..=self.last()).contains(&f64::from(pixels))
    }
}
