//! A smooth field of displacements from a coarse grid.

use super::frame::Frame;
use crate::error::AugmentError;

/// The largest push times the number of cells, as a share of the distance between the outermost pixel centres. At this
/// strength the field changes by at most 0.8 px per pixel (a cubic B-spline's slope is at most twice the largest push per
/// cell, in each direction), so no two places meet, and the iteration of [`Elastic::undo`] comes closer by a fifth in every
/// round.
const STRONGEST: f64 = 0.2;

/// Pixels between two rounds of an iteration that has arrived.
const ARRIVED: f64 = 1e-7;
/// Rounds after which even the strongest field is undone to 1e-6 px.
const ROUNDS: usize = 80;

/// A smooth field of displacements over the image: uniform cubic B-splines over a grid of control points.
///
/// The grid has `cells × cells` cells, and a control point at each corner of a cell and one row of them beyond
/// each edge: `(cells + 3)²` in all, row by row. Beyond the image the field goes on as at its edge.
///
/// ```
/// use keypoints_augment::Elastic;
///
/// let field = Elastic::new(96, 2, vec![[3.0, -1.0]; 25])?; // every control point pushed alike
/// let [x, y] = field.at([10.0, 80.0]);
/// assert!((x - 3.0).abs() < 1e-12 && (y + 1.0).abs() < 1e-12);
/// # Ok::<(), keypoints_augment::AugmentError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Elastic {
    frame: Frame,
    cells: usize,
    /// In pixels.
    pushes: Vec<[f64; 2]>,
}

impl Elastic {
    /// A field of `cells × cells` cells over a picture of `side` pixels, from the pushes of its `(cells + 3)²` control points in
    /// pixels.
    ///
    /// # Errors
    /// [`AugmentError::InvalidConfig`] if the side is below 2, there are more or fewer pushes, or one is longer than
    /// `(side − 1) / 5 / cells` in either direction: the picture could fold over itself.
    pub fn new(side: usize, cells: usize, pushes: Vec<[f64; 2]>) -> Result<Self, AugmentError> {
        let invalid = |expected, found: String| {
            Err(AugmentError::InvalidConfig { field: "elastic", expected, found })
        };
        if side < 2 {
            return invalid("for a side of at least 2", side.to_string());
        }
        if cells == 0 || pushes.len() != control_points(cells) {
            let found = format!("{} with {cells} cells", pushes.len());
            return invalid("a push for each of (cells + 3)² control points", found);
        }
        let frame = Frame { side };
        let most = STRONGEST * frame.last() / cells as f64;
        match pushes.iter().flatten().find(|push| !(-most..=most).contains(*push)) {
            Some(push) => invalid(
                "pushes of at most (side − 1) / 5 / cells pixels",
                format!("{push} with {cells} cells"),
            ),
            None => Ok(Self { frame, cells, pushes }),
        }
    }

    /// The side of the pictures that it is for.
    pub(super) fn side(&self) -> usize {
        self.frame.side
    }

    /// A field whose numbers are known to be in range.
    pub(super) fn drawn(frame: Frame, cells: usize, pushes: Vec<[f64; 2]>) -> Self {
        Self { frame, cells, pushes }
    }

    /// The displacement at a place, both in pixels.
    pub fn at(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        let (left, across) = spline(self.frame, self.cells, x);
        let (top, down) = spline(self.frame, self.cells, y);
        let mut sum = [0.0; 2];
        for (row, down) in down.into_iter().enumerate() {
            let start = (top + row) * (self.cells + 3) + left;
            for (push, across) in self.pushes[start..].iter().zip(across) {
                sum[0] += down * across * push[0];
                sum[1] += down * across * push[1];
            }
        }
        sum
    }

    /// The place that the field moves to `target`: the `p` with `p + at(p) = target`.
    pub(super) fn undo(&self, target: [f64; 2]) -> [f64; 2] {
        let mut place = target;
        for _ in 0..ROUNDS {
            let [dx, dy] = self.at(place);
            let next = [target[0] - dx, target[1] - dy];
            let moved = (next[0] - place[0]).abs().max((next[1] - place[1]).abs());
            place = next;
            if moved < ARRIVED {
                break;
            }
        }
        place
    }

    /// For each column of pixels, the first of the four control points in a row that count there, and how much
    /// each counts.
    pub(super) fn columns(&self) -> Vec<(usize, [f32; 4])> {
        let column = |pixel: usize| {
            let (left, weights) = spline(self.frame, self.cells, pixel as f64);
            (left, weights.map(|weight| weight as f32))
        };
        (0..self.frame.side).map(column).collect()
    }

    /// The pushes of the control points, those above and below one another mixed as they count at `y`.
    pub(super) fn row(&self, y: f64) -> Vec<[f32; 2]> {
        let side = self.cells + 3;
        let (top, weights) = spline(self.frame, self.cells, y);
        let mix = |column: usize, axis: usize| {
            let rows = weights.iter().enumerate();
            let push = |row: usize| self.pushes[(top + row) * side + column][axis];
            rows.map(|(row, weight)| weight * push(row)).sum::<f64>() as f32
        };
        (0..side).map(|column| [mix(column, 0), mix(column, 1)]).collect()
    }

    /// The pushes where ±1 are the outermost pixel centres.
    pub(super) fn centred(&self) -> impl Iterator<Item = [f64; 2]> + '_ {
        let middle = self.frame.middle();
        self.pushes.iter().map(move |push| push.map(|pixels| pixels / middle))
    }
}

/// How many control points a field of so many cells has.
pub(super) const fn control_points(cells: usize) -> usize {
    (cells + 3) * (cells + 3)
}

/// How much each control point counts at each pixel: `[side², control points]`, row by row.
pub(super) fn basis(frame: Frame, cells: usize) -> Vec<f32> {
    let side = cells + 3;
    let mut basis = vec![0.0; frame.area() * side * side];
    let splines: Vec<_> = (0..frame.side).map(|pixel| spline(frame, cells, pixel as f64)).collect();
    let mut pixels = basis.chunks_exact_mut(side * side);
    for (top, down) in &splines {
        for ((left, across), pixel) in splines.iter().zip(&mut pixels) {
            for (row, down) in down.iter().enumerate() {
                for (column, across) in across.iter().enumerate() {
                    pixel[(top + row) * side + left + column] = (down * across) as f32;
                }
            }
        }
    }
    basis
}

/// The first of the four control points that count at a place along one axis, and how much each counts.
fn spline(frame: Frame, cells: usize, place: f64) -> (usize, [f64; 4]) {
    let last = frame.last();
    let place = place.clamp(0.0, last) * cells as f64 / last;
    let first = (place as usize).min(cells - 1);
    let t = place - first as f64;
    let (square, cube) = (t * t, t * t * t);
    let weights = [
        1.0 - 3.0 * t + 3.0 * square - cube,
        4.0 - 6.0 * square + 3.0 * cube,
        1.0 + 3.0 * t + 3.0 * square - 3.0 * cube,
        cube,
    ];
    (first, weights.map(|weight| weight / 6.0))
}

#[cfg(test)]
mod tests;
