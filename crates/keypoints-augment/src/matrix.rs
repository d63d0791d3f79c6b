//! Maps of the plane that keep straight lines straight.

use super::frame::Frame;

/// The depth below which a point is behind the viewer. It is put far away instead.
const NEAREST: f64 = 1e-3;

/// A 3×3 matrix on `(x, y, 1)`, in pixels unless said otherwise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Homography([[f64; 3]; 3]);

impl Homography {
    pub(super) const IDENTITY: Self = Self([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]);

    /// `(x, y)` to `(a·x + b·y, c·x + d·y)`.
    pub(super) const fn linear([[a, b], [c, d]]: [[f64; 2]; 2]) -> Self {
        Self([[a, b, 0.0], [c, d, 0.0], [0.0, 0.0, 1.0]])
    }

    pub(super) const fn translation([x, y]: [f64; 2]) -> Self {
        Self([[1.0, 0.0, x], [0.0, 1.0, y], [0.0, 0.0, 1.0]])
    }

    /// `(x, y)` to `(x, y) / (1 + a·x + b·y)`. With the signs of both turned it is its own inverse.
    pub(super) const fn perspective([a, b]: [f64; 2]) -> Self {
        Self([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [a, b, 1.0]])
    }

    /// First this map, then the other.
    pub(super) fn then(self, Self(next): Self) -> Self {
        let mut product = [[0.0; 3]; 3];
        for (row, factors) in product.iter_mut().zip(next) {
            for (column, cell) in row.iter_mut().enumerate() {
                *cell = (0..3).map(|inner| factors[inner] * self.0[inner][column]).sum();
            }
        }
        Self(product)
    }

    /// Where a place goes.
    pub(super) fn apply(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        let [across, down, depth] = self.0.map(|[a, b, c]| a * x + b * y + c);
        let depth = depth.max(NEAREST);
        [across / depth, down / depth]
    }

    pub(super) fn rows(&self) -> [[f64; 3]; 3] {
        self.0
    }

    /// The same map where the image centre is `(0, 0)` and the outermost pixel centres are at ±1.
    pub(super) fn centred(self, frame: Frame) -> [[f64; 3]; 3] {
        let middle = frame.middle();
        let pixels = Self([[middle, 0.0, middle], [0.0, middle, middle], [0.0, 0.0, 1.0]]);
        let back = [[1.0 / middle, 0.0, -1.0], [0.0, 1.0 / middle, -1.0], [0.0, 0.0, 1.0]];
        pixels.then(self).then(Self(back)).0
    }
}

#[cfg(test)]
mod tests;
