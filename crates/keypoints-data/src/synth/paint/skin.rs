//! The skin: a layer in face coordinates that features are painted on and that is lit at the end.

use std::ops::Range;

use super::super::draw::Texture;
use super::super::features::Place;
use super::super::head::Head;
use super::super::person::Shot;
use super::outline::Outline;
use super::{Subject, blob, fade, line_distance};
use crate::synth::{PIXELS, SIDE};
use keypoints_core::Point;

/// A rectangle of pixels, ends excluded.
pub(super) struct Region {
    columns: Range<usize>,
    rows: Range<usize>,
}

/// One layer over the picture; beside the head there is nothing on it.
pub(super) struct Skin<'a> {
    pub(super) head: &'a Head,
    /// The columns that show the head, row by row.
    spans: Vec<Range<usize>>,
    /// The point of the skin that each pixel sees.
    places: Vec<[f32; 3]>,
    /// Share of the light thrown back.
    albedo: Vec<f32>,
    /// Slope of noses, cheeks and sockets over the bare ellipsoid.
    slopes: Vec<[f32; 2]>,
}

impl<'a> Skin<'a> {
    pub(super) fn new(head: &'a Head, outline: &Outline, albedo: f32) -> Self {
        let rays = head.rays();
        let spans: Vec<_> = (0..SIDE).map(|row| outline.span(row)).collect();
        let mut places = vec![[0.0; 3]; PIXELS];
        for (row, span) in spans.iter().enumerate() {
            for column in span.clone() {
                let place = Point { x: column as f32, y: row as f32 };
                places[row * SIDE + column] = rays.hit(place);
            }
        }
        Self { head, spans, places, albedo: vec![albedo; PIXELS], slopes: vec![[0.0; 2]; PIXELS] }
    }

    /// The pixels that may see the given box of the skin.
    pub(super) fn region(&self, middle: Place, reach: [f32; 2]) -> Region {
        let mut low = [f32::INFINITY; 2];
        let mut high = [f32::NEG_INFINITY; 2];
        for i in [-1.0, 0.0, 1.0] {
            for j in [-1.0, 0.0, 1.0] {
                let place =
                    self.head.project_skin(middle[0] + i * reach[0], middle[1] + j * reach[1]);
                low = [low[0].min(place.x), low[1].min(place.y)];
                high = [high[0].max(place.x), high[1].max(place.y)];
            }
        }
        // The skin bulges between the nine probes.
        let pixels = |low: f32, high: f32| {
            let end = (high + 3.0).clamp(0.0, SIDE as f32) as usize;
            ((low - 2.0).clamp(0.0, SIDE as f32) as usize).min(end)..end
        };
        Region { columns: pixels(low[0], high[0]), rows: pixels(low[1], high[1]) }
    }

    pub(super) fn everywhere() -> Region {
        Region { columns: 0..SIDE, rows: 0..SIDE }
    }

    /// Calls `change` with the number of each pixel that shows the head and the place of the skin that it sees.
    pub(super) fn visit(&self, region: &Region, mut change: impl FnMut(usize, f32, f32)) {
        for row in region.rows.clone() {
            let span = &self.spans[row];
            let first = region.columns.start.max(span.start);
            for column in first..region.columns.end.min(span.end) {
                let pixel = row * SIDE + column;
                let [u, v, _] = self.places[pixel];
                change(pixel, u, v);
            }
        }
    }

    /// Lays a grey over the skin, `coverage(u, v)` of it.
    pub(super) fn paint(&mut self, region: &Region, grey: f32, coverage: impl Fn(f32, f32) -> f32) {
        self.paint_mixed(region, |u, v| (grey, coverage(u, v)));
    }

    /// Like [`paint`](Self::paint), with a grey that differs from place to place: `(grey, coverage)`.
    pub(super) fn paint_mixed(&mut self, region: &Region, at: impl Fn(f32, f32) -> (f32, f32)) {
        let mut albedo = std::mem::take(&mut self.albedo);
        self.visit(region, |pixel, u, v| {
            let (grey, coverage) = at(u, v);
            albedo[pixel] += (grey - albedo[pixel]) * coverage;
        });
        self.albedo = albedo;
    }

    /// Raises (or with a negative height lowers) a smooth hill.
    pub(super) fn bump(&mut self, middle: Place, reach: [f32; 2], height: f32) {
        let region = self.region(middle, reach);
        let mut slopes = std::mem::take(&mut self.slopes);
        self.visit(&region, |pixel, u, v| {
            let (s, t) = ((u - middle[0]) / reach[0], (v - middle[1]) / reach[1]);
            let inside = (1.0 - s * s - t * t).max(0.0);
            slopes[pixel][0] -= 4.0 * height * inside * s / reach[0];
            slopes[pixel][1] -= 4.0 * height * inside * t / reach[1];
        });
        self.slopes = slopes;
    }

    /// Darkens a soft ellipse; `strength` is the share of light lost in its middle.
    pub(super) fn shade(&mut self, middle: Place, reach: [f32; 2], strength: f32) {
        let region = self.region(middle, reach);
        self.paint(&region, 0.0, |u, v| strength * blob(u, v, middle, reach));
    }

    /// The light that a pixel receives from the skin, `0..=1` or a little above.
    pub(super) fn lit(&self, shot: &Shot, texture: &Texture) -> impl Fn(usize) -> f32 {
        let light = self.head.direction_to_face(shot.light);
        let view = self.head.direction_to_face([0.0, 0.0, 1.0]);
        let halfway: [f32; 3] = std::array::from_fn(|i| light[i] + view[i]);
        let halfway_length = halfway.iter().map(|x| x * x).sum::<f32>().sqrt();
        move |pixel| {
            let place = self.places[pixel];
            let bare = self.head.normal(place);
            let [slope_u, slope_v] = self.slopes[pixel];
            let normal = [bare[0] - slope_u * bare[2], bare[1] - slope_v * bare[2], bare[2]];
            let length = normal.iter().map(|x| x * x).sum::<f32>().sqrt();
            let along = |direction: [f32; 3]| {
                (0..3).map(|i| normal[i] * direction[i]).sum::<f32>() / length
            };
            let diffuse = along(light).max(0.0);
            let glint = (along(halfway) / halfway_length).max(0.0).powi(24);
            let mottling = 1.0 + 0.04 * texture.at(place[0] * 5.0, place[1] * 5.0);
            self.albedo[pixel] * mottling * (shot.ambient + (1.0 - shot.ambient) * diffuse)
                + shot.shine * glint * self.albedo[pixel]
        }
    }
}

/// Hills and hollows that every face has.
pub(super) fn relief(skin: &mut Skin<'_>, subject: &Subject<'_>) {
    let chin = subject.person.chin;
    for side in [-1.0, 1.0] {
        skin.bump([side * 1.15, 1.15], [0.95, 0.8], 0.13);
        skin.bump([side * 0.95, 0.05], [0.75, 0.5], -0.12);
        skin.bump([side * 0.9, -0.42], [0.9, 0.35], 0.05);
        skin.shade([side * 0.85, 0.02], [0.75, 0.48], 0.28);
        skin.shade([side * 0.98, 0.38], [0.5, 0.25], 0.05 + 0.1 * subject.person.wrinkles);
    }
    skin.bump([0.0, chin - 0.35], [0.65, 0.5], 0.12);
    skin.bump([0.0, -1.1], [1.8, 1.0], 0.08);
    let [u, v] = subject.features.mouth.middle(subject.features.mouth.bottom);
    skin.shade([u, v + 0.17], [0.5, 0.2], 0.22);
}

/// Lines from nose to mouth and across the brow.
pub(super) fn folds(skin: &mut Skin<'_>, subject: &Subject<'_>) {
    let mouth = &subject.features.mouth;
    let strength = 0.05 + 0.2 * subject.person.wrinkles;
    for (side, corner) in [(1.0, mouth.left), (-1.0, mouth.right)] {
        let from = [side * 0.5, subject.person.nose_length + 0.1];
        let to = [corner[0] + side * 0.2, corner[1] - 0.1];
        let middle = [(from[0] + to[0]) / 2.0, (from[1] + to[1]) / 2.0];
        let region = skin.region(middle, [0.5, 0.7]);
        skin.paint(&region, 0.1, |u, v| {
            let (distance, share) = line_distance(u, v, from, to);
            strength * fade(distance - 0.03, 0.13) * (1.0 - 0.7 * share)
        });
    }
    if subject.person.wrinkles > 0.6 {
        for v_line in [-0.85, -1.05, -1.25] {
            let region = skin.region([0.0, v_line], [1.3, 0.15]);
            skin.paint(&region, 0.1, |u, v| {
                let bend = v_line + 0.05 * u * u;
                0.12 * fade((v - bend).abs() - 0.02, 0.07) * fade(u.abs() - 0.9, 0.3)
            });
        }
    }
}
