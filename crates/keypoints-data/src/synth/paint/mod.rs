//! From parameters to grey values: what lies behind first, then the skin, then what stands in front.

mod camera;
mod eyes;
mod glasses;
mod hair;
mod mouth;
mod nose;
mod outline;
mod scene;
mod skin;

use super::draw::{Draw, Texture};
use super::features::Features;
use super::head::Head;
use super::person::{Person, Shot};
use crate::synth::PIXELS;
use outline::Outline;
use skin::Skin;

/// Everything a painter looks at.
pub(super) struct Subject<'a> {
    pub(super) person: &'a Person,
    pub(super) features: &'a Features,
    pub(super) shot: &'a Shot,
    pub(super) head: &'a Head,
}

/// Paints a face; 9216 grey values, row by row.
pub(super) fn portrait(subject: &Subject<'_>, draw: &mut Draw) -> Vec<u8> {
    let texture = Texture::new(draw);
    let outline = Outline::new(subject);

    let mut picture = vec![0.0; PIXELS];
    scene::backdrop(&mut picture, draw);
    scene::body(&mut picture, subject, &outline, &texture, draw);
    hair::behind(&mut picture, subject, &outline, &texture);
    scene::ears(&mut picture, subject, &outline);

    let mut skin = Skin::new(subject.head, &outline, subject.person.skin);
    skin::relief(&mut skin, subject);
    hair::beard(&mut skin, subject, &texture);
    skin::folds(&mut skin, subject);
    nose::paint(&mut skin, subject);
    mouth::paint(&mut skin, subject);
    eyes::paint(&mut skin, subject);
    hair::brows(&mut skin, subject, &texture);
    hair::front(&mut skin, subject, &texture);
    outline.cover(&mut picture, skin.lit(subject.shot, &texture));

    if let Some(glasses) = &subject.person.glasses {
        glasses::paint(&mut picture, &skin, glasses, subject);
    }
    camera::expose(picture, subject.shot, draw)
}

/// From 1 at `-soft` and below to 0 at `soft` and above, smoothly. `soft` is positive.
fn fade(distance: f32, soft: f32) -> f32 {
    let share = (0.5 - 0.5 * distance / soft).clamp(0.0, 1.0);
    share * share * (3.0 - 2.0 * share)
}

/// From 1 in the middle of an ellipse to 0 at its rim, smoothly.
fn blob(u: f32, v: f32, middle: [f32; 2], reach: [f32; 2]) -> f32 {
    let (s, t) = ((u - middle[0]) / reach[0], (v - middle[1]) / reach[1]);
    let inside = (1.0 - s * s - t * t).max(0.0);
    inside * inside
}

/// Distance from a point to a line between two points, and how far along it the nearest place is.
fn line_distance(u: f32, v: f32, from: [f32; 2], to: [f32; 2]) -> (f32, f32) {
    let (along_u, along_v) = (to[0] - from[0], to[1] - from[1]);
    let (du, dv) = (u - from[0], v - from[1]);
    let squared = along_u * along_u + along_v * along_v;
    let share = ((du * along_u + dv * along_v) / squared.max(1e-6)).clamp(0.0, 1.0);
    let (du, dv) = (du - share * along_u, dv - share * along_v);
    (length(du, dv), share)
}

/// Length of a vector. `f32::hypot` guards against overflow and takes several times as long.
fn length(x: f32, y: f32) -> f32 {
    (x * x + y * y).sqrt()
}

fn mix(a: f32, b: f32, share: f32) -> f32 {
    a + (b - a) * share
}
