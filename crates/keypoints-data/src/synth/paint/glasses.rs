//! A pair of glasses.

use super::super::person::Glasses;
use super::skin::Skin;
use super::{Subject, fade, length, line_distance};

/// Paints rims, bridge and temples over the lit picture.
pub(super) fn paint(
    picture: &mut [f32],
    skin: &Skin<'_>,
    glasses: &Glasses,
    subject: &Subject<'_>,
) {
    let spread = subject.person.eye_spread;
    let Glasses { half_width, half_height, roundness, thickness, grey, tint, glare } = *glasses;
    let radius = roundness * half_height;
    let scale = skin.head.scale;
    let inside = |distance: f32| (0.5 - distance * scale).clamp(0.0, 1.0);
    let inner = spread - half_width;
    let outer = spread + half_width;
    let region = skin.region([0.0, 0.1], [subject.person.axes[0], half_height + 0.3]);
    skin.visit(&region, |pixel, u, v| {
        let side_u = u.abs();
        // Rounded rectangle around the eye.
        let across = (side_u - spread).abs() - half_width + radius;
        let down = (v - 0.1).abs() - half_height + radius;
        let lens = length(across.max(0.0), down.max(0.0)) + across.max(down).min(0.0) - radius;
        let rim = lens.abs() - thickness;
        let bridge = line_distance(side_u, v, [0.0, -0.1], [inner, -0.03]).0 - thickness;
        let temple = (v + 0.1).abs().max(outer - side_u) - thickness;
        let value = &mut picture[pixel];
        let glass = inside(lens);
        *value *= 1.0 - tint * glass;
        let shine = glare * glass * fade((u - 0.4 * v - 1.2).abs() - 0.12, 0.2);
        *value += (1.0 - *value) * shine;
        *value += (grey - *value) * inside(rim.min(bridge).min(temple)) * 0.9;
    });
}
