//! The silhouette of the head on the picture.

use std::ops::Range;

use super::{Subject, length, mix};
use crate::synth::SIDE;
use keypoints_core::Point;

const STEPS: usize = 64;

/// Shape of the head seen from the viewer, in a frame that leans with it: `x` across and `y` along the
/// head, in units, the origin at the middle of the head.
pub(super) struct Outline {
    origin: Point,
    cos: f32,
    sin: f32,
    scale: f32,
    pub(super) top: f32,
    pub(super) chin: f32,
    pub(super) half_width: f32,
    /// How far the chin stands to the side because the head is turned.
    lean: f32,
    /// Half widths from top to chin, and how fast they change per unit.
    widths: [f32; STEPS + 1],
    slopes: [f32; STEPS],
    /// The frame's coordinates of every pixel.
    frames: Vec<[f32; 2]>,
    /// The signed distance to the silhouette of every pixel.
    distances: Vec<f32>,
}

impl Outline {
    pub(super) fn new(subject: &Subject<'_>) -> Self {
        let (head, person) = (subject.head, subject.person);
        let (sin, cos) = subject.shot.pose.roll.to_radians().sin_cos();
        let origin = head.shift;
        let frame = |place: Point| {
            let (dx, dy) = ((place.x - origin.x) / head.scale, (place.y - origin.y) / head.scale);
            [cos * dx + sin * dy, cos * dy - sin * dx]
        };
        // The chin stands back from the ellipsoid's surface less than the throat does.
        let [chin_x, chin] = frame(head.project(0.0, person.chin, 1.3));
        let [_, top] = frame(head.project(0.0, -2.75, 0.3));
        let lean = 0.8 * chin_x;

        let mut widths = [0.0; STEPS + 1];
        for (step, width) in widths.iter_mut().enumerate() {
            let share = 2.0 * step as f32 / STEPS as f32 - 1.0;
            // Round skull above, squarer jaw below; the cheeks are widest just above the middle.
            let across = if share < 0.0 {
                (1.0 - share.abs().powf(2.3)).max(0.0).sqrt()
            } else {
                (1.0 - share.powf(person.jaw)).max(0.0).sqrt() * (1.0 - 0.18 * share)
            };
            *width = person.outline_width * across;
        }
        let step_length = (chin - top) / STEPS as f32;
        let slopes = std::array::from_fn(|step| (widths[step + 1] - widths[step]) / step_length);
        let half_width = person.outline_width;
        let mut outline = Self {
            origin,
            cos,
            sin,
            scale: head.scale,
            top,
            chin,
            half_width,
            lean,
            widths,
            slopes,
            frames: Vec::new(),
            distances: Vec::new(),
        };
        outline.frames = (0..SIDE)
            .flat_map(|row| (0..SIDE).map(move |column| (column as f32, row as f32)))
            .map(|(column, row)| outline.frame(column, row))
            .collect();
        outline.distances = outline.frames.iter().map(|&frame| outline.distance(frame)).collect();
        outline
    }

    /// From pixels to the outline's frame; `x` is measured from the middle line of the turned head.
    fn frame(&self, column: f32, row: f32) -> [f32; 2] {
        let dx = (column - self.origin.x) / self.scale;
        let dy = (row - self.origin.y) / self.scale;
        let (x, y) = (self.cos * dx + self.sin * dy, self.cos * dy - self.sin * dx);
        let share = ((y - self.top) / (self.chin - self.top)).clamp(0.0, 1.0);
        [x - self.lean * share * share, y]
    }

    /// Signed distance to the silhouette in units, negative inside; exact enough near the edge.
    pub(super) fn distance(&self, [x, y]: [f32; 2]) -> f32 {
        let along = (y - self.top) / (self.chin - self.top) * STEPS as f32;
        if along <= 0.0 {
            return length(x, self.top - y);
        }
        if along >= STEPS as f32 {
            return length(x, y - self.chin);
        }
        let step = along as usize;
        let width = mix(self.widths[step], self.widths[step + 1], along - step as f32);
        let slope = self.slopes[step];
        (x.abs() - width) / (1.0 + slope * slope).sqrt()
    }

    /// Share of a pixel that lies inside a shape, given its signed distance in units.
    pub(super) fn inside(&self, distance: f32) -> f32 {
        (0.5 - distance * self.scale).clamp(0.0, 1.0)
    }

    /// The columns of a row from the first to the last that show some of the head.
    pub(super) fn span(&self, row: usize) -> Range<usize> {
        let line = &self.distances[row * SIDE..][..SIDE];
        let shows = |&distance: &f32| self.inside(distance) > 0.0;
        match (line.iter().position(shows), line.iter().rposition(shows)) {
            (Some(first), Some(last)) => first..last + 1,
            _ => 0..0,
        }
    }

    /// Lays something over the picture: `paint` gives the grey and its coverage at each place. Places
    /// that the head will hide anyway are left out.
    pub(super) fn paint(&self, picture: &mut [f32], paint: impl Fn([f32; 2]) -> (f32, f32)) {
        for ((pixel, &frame), &distance) in
            picture.iter_mut().zip(&self.frames).zip(&self.distances)
        {
            if self.inside(distance) < 1.0 {
                let (grey, coverage) = paint(frame);
                *pixel += (grey - *pixel) * coverage;
            }
        }
    }

    /// Lays the skin over the picture, inside the silhouette; `skin` gives the grey of a pixel.
    pub(super) fn cover(&self, picture: &mut [f32], skin: impl Fn(usize) -> f32) {
        for (pixel, (target, &distance)) in picture.iter_mut().zip(&self.distances).enumerate() {
            let coverage = self.inside(distance);
            if coverage > 0.0 {
                *target += (skin(pixel) - *target) * coverage;
            }
        }
    }
}
