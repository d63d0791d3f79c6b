//! Eyes between their lids.

use super::super::features::Eye;
use super::skin::Skin;
use super::{Subject, fade, length, mix};

/// Paints both eyes.
pub(super) fn paint(skin: &mut Skin<'_>, subject: &Subject<'_>) {
    for eye in &subject.features.eyes {
        paint_one(skin, subject, eye);
    }
}

fn paint_one(skin: &mut Skin<'_>, subject: &Subject<'_>, eye: &Eye) {
    let person = subject.person;
    let middle = [(eye.inner[0] + eye.outer[0]) / 2.0, (eye.inner[1] + eye.outer[1]) / 2.0];
    let half = (eye.outer[0] - eye.inner[0]) / 2.0;
    let tilt = (eye.outer[1] - eye.inner[1]) / 2.0;
    // `t` is -1 at the inner and 1 at the outer corner, `height` counts down from the line between.
    let place = |u: f32, v: f32| {
        let t = (u - middle[0]) / half;
        (t, v - middle[1] - t * tilt)
    };
    let upper = |t: f32| -eye.above * (1.0 - t * t);
    let lower = |t: f32| eye.below * (1.0 - t * t);
    let region = skin.region(middle, [half.abs() + 0.2, 0.5]);
    let scale = skin.head.scale;
    let inside = |distance: f32| (0.5 - distance * scale).clamp(0.0, 1.0);
    let between_lids = |u: f32, v: f32| {
        let (t, height) = place(u, v);
        inside(0.9 * (upper(t) - height).max(height - lower(t)))
    };

    skin.paint(&region, mix(0.55, person.skin, 0.35), between_lids);
    let disc =
        |u: f32, v: f32, radius: f32| inside(length(u - eye.pupil[0], v - eye.pupil[1]) - radius);
    let iris = person.iris_grey;
    skin.paint(&region, iris, |u, v| between_lids(u, v) * disc(u, v, person.iris_radius));
    skin.paint(&region, 0.02, |u, v| between_lids(u, v) * disc(u, v, 0.085));
    let [light_x, light_y, _] = subject.shot.light;
    let glint = [eye.pupil[0] + 0.1 * light_x, eye.pupil[1] + 0.12 * light_y];
    skin.paint(&region, 1.0, |u, v| {
        let distance = length(u - glint[0], v - glint[1]) - 0.02;
        0.6 * between_lids(u, v) * fade(distance, 0.035)
    });

    skin.paint(&region, 0.05, |u, v| {
        let (t, height) = place(u, v);
        let ends = fade(t.abs() - 1.0, 0.1);
        let lashes = 0.85 * fade((height - upper(t)).abs() - 0.03, 0.06);
        let rim = 0.4 * fade((height - lower(t)).abs() - 0.012, 0.05);
        ends * lashes.max(rim)
    });
    // The fold of the upper lid.
    skin.paint(&region, 0.1, |u, v| {
        let (t, height) = place(u, v);
        0.3 * fade((height - upper(t) + 0.12).abs() - 0.015, 0.06) * fade(t.abs() - 0.85, 0.2)
    });
}
