//! The head as an ellipsoid in space: from the face's own coordinates to the picture and back.
//!
//! Face coordinates `(u, v)` are those of a frontal view: the origin lies midway between the eyes, `u`
//! grows to the right of the picture, `v` downwards, and half the distance between the eyes is one
//! unit. `w` is the depth towards the viewer, zero at the middle of the head.

use keypoints_core::Point;

type Matrix = [[f32; 3]; 3];

/// Rotation of the head in degrees.
#[derive(Clone, Copy)]
pub(super) struct Pose {
    /// Positive: the nose points to the right of the picture.
    pub(super) yaw: f32,
    /// Positive: the nose points down.
    pub(super) pitch: f32,
    /// Positive: clockwise on the picture.
    pub(super) roll: f32,
}

/// An ellipsoid head, turned, scaled and put on the picture.
pub(super) struct Head {
    /// Half axes along `u`, `v` and `w`.
    axes: [f32; 3],
    /// `v` of the ellipsoid's middle, around which the head turns.
    middle: f32,
    turn: Matrix,
    /// Pixels per unit.
    pub(super) scale: f32,
    /// Where the ellipsoid's middle is on the picture.
    pub(super) shift: Point,
}

impl Head {
    pub(super) fn new(axes: [f32; 3], middle: f32, pose: Pose, scale: f32) -> Self {
        let (yaw, pitch, roll) =
            (pose.yaw.to_radians(), pose.pitch.to_radians(), pose.roll.to_radians());
        let around_v = [[yaw.cos(), 0.0, yaw.sin()], [0.0, 1.0, 0.0], [-yaw.sin(), 0.0, yaw.cos()]];
        let around_u =
            [[1.0, 0.0, 0.0], [0.0, pitch.cos(), pitch.sin()], [0.0, -pitch.sin(), pitch.cos()]];
        let around_w =
            [[roll.cos(), -roll.sin(), 0.0], [roll.sin(), roll.cos(), 0.0], [0.0, 0.0, 1.0]];
        let turn = multiply(&around_w, &multiply(&around_u, &around_v));
        Self { axes, middle, turn, scale, shift: Point { x: 0.0, y: 0.0 } }
    }

    /// Depth of the surface at a place of the face; zero beyond the rim.
    pub(super) fn depth(&self, u: f32, v: f32) -> f32 {
        let [a, b, c] = self.axes;
        let (s, t) = (u / a, (v - self.middle) / b);
        c * (1.0 - s * s - t * t).max(0.0).sqrt()
    }

    /// Where a point in space appears on the picture.
    pub(super) fn project(&self, u: f32, v: f32, w: f32) -> Point {
        let [x, y, _] = apply(&self.turn, [u, v - self.middle, w]);
        Point { x: self.shift.x + self.scale * x, y: self.shift.y + self.scale * y }
    }

    /// Where a place on the skin appears on the picture.
    pub(super) fn project_skin(&self, u: f32, v: f32) -> Point {
        self.project(u, v, self.depth(u, v))
    }

    /// A direction of the picture's space, seen from the face.
    pub(super) fn direction_to_face(&self, direction: [f32; 3]) -> [f32; 3] {
        let m = &self.turn;
        std::array::from_fn(|i| (0..3).map(|j| m[j][i] * direction[j]).sum())
    }

    /// The point on the skin that is seen at a place of the picture; beside the head, the rim.
    pub(super) fn unproject(&self, place: Point) -> [f32; 3] {
        self.rays().hit(place)
    }

    /// Prepares to [`unproject`](Self::unproject) many places.
    pub(super) fn rays(&self) -> Rays<'_> {
        let along = self.direction_to_face([0.0, 0.0, 1.0]);
        let along_ball: [f32; 3] = std::array::from_fn(|i| along[i] / self.axes[i]);
        Rays { head: self, along, along_ball, quadratic: dot(along_ball, along_ball) }
    }

    /// Outward normal of the skin at a point of it, not normalised.
    pub(super) fn normal(&self, [u, v, w]: [f32; 3]) -> [f32; 3] {
        let [a, b, c] = self.axes;
        [u / (a * a), (v - self.middle) / (b * b), w / (c * c)]
    }
}

/// Parallel lines of sight, see [`Head::rays`].
pub(super) struct Rays<'a> {
    head: &'a Head,
    along: [f32; 3],
    /// The same direction where the ellipsoid is the unit ball.
    along_ball: [f32; 3],
    quadratic: f32,
}

impl Rays<'_> {
    /// The point on the skin that is seen at a place of the picture; beside the head, the rim.
    #[inline]
    pub(super) fn hit(&self, place: Point) -> [f32; 3] {
        let head = self.head;
        let x = (place.x - head.shift.x) / head.scale;
        let y = (place.y - head.shift.y) / head.scale;
        let m = &head.turn;
        let origin: [f32; 3] = std::array::from_fn(|i| m[0][i] * x + m[1][i] * y);
        let origin_ball: [f32; 3] = std::array::from_fn(|i| origin[i] / head.axes[i]);
        let half_linear = dot(origin_ball, self.along_ball);
        let constant = dot(origin_ball, origin_ball) - 1.0;
        let root = (half_linear * half_linear - self.quadratic * constant).max(0.0).sqrt();
        let distance = (root - half_linear) / self.quadratic;
        let [u, v, w] = std::array::from_fn(|i| origin[i] + distance * self.along[i]);
        [u, v + head.middle, w]
    }
}

fn dot(a: [f32; 3], b: [f32; 3]) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn apply(m: &Matrix, p: [f32; 3]) -> [f32; 3] {
    std::array::from_fn(|i| dot(m[i], p))
}

fn multiply(a: &Matrix, b: &Matrix) -> Matrix {
    std::array::from_fn(|i| std::array::from_fn(|j| (0..3).map(|k| a[i][k] * b[k][j]).sum()))
}

#[cfg(test)]
mod tests;
