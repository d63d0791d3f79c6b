//! What is behind the head, and what is below and beside it.

use super::super::draw::{Draw, Texture};
use super::super::person::HairStyle;
use super::outline::Outline;
use super::{Subject, blob, fade, length, mix};
use crate::synth::SIDE;

/// A wall: a gradient, soft spots, now and then a hard edge.
pub(super) fn backdrop(picture: &mut [f32], draw: &mut Draw) {
    let side = SIDE as f32;
    let base = draw.between(0.03, 0.95);
    let (across, down) = (draw.normal(0.0, 0.12), draw.normal(0.0, 0.12));
    let count = draw.below(5);
    let spots: Vec<_> = (0..count)
        .map(|_| {
            let middle = [draw.between(0.0, side), draw.between(0.0, side)];
            let reach = [draw.between(8.0, 50.0), draw.between(8.0, 50.0)];
            (middle, reach, draw.normal(0.0, 0.25))
        })
        .collect();
    let edge = draw
        .chance(0.35)
        .then(|| (draw.between(0.0, side), draw.normal(0.0, 0.25), draw.normal(0.0, 0.3)));
    for (pixel, grey) in picture.iter_mut().enumerate() {
        let (x, y) = ((pixel % SIDE) as f32, (pixel / SIDE) as f32);
        let mut value = base + across * (x / side - 0.5) + down * (y / side - 0.5);
        for &(middle, reach, strength) in &spots {
            value += strength * blob(x, y, middle, reach);
        }
        if let Some((column, slant, step)) = edge {
            value += step * fade(x - column - slant * (y - side / 2.0), 1.0);
        }
        *grey = value.clamp(0.0, 1.0);
    }
}

/// Neck and clothes.
pub(super) fn body(
    picture: &mut [f32],
    subject: &Subject<'_>,
    outline: &Outline,
    texture: &Texture,
    draw: &mut Draw,
) {
    let shade = subject.person.skin * mix(0.35, 0.75, subject.shot.ambient);
    let neck = draw.between(1.15, 1.5) * outline.half_width / 2.2;
    let cloth = draw.between(0.03, 0.9);
    let collar = outline.chin + draw.between(0.25, 0.7);
    outline.paint(picture, |[x, y]| {
        if y < 0.7 {
            return (0.0, 0.0);
        }
        let neck_grey = shade * mix(0.65, 1.0, fade(outline.chin + 0.3 - y, 0.5));
        let flare = 0.25 * (y - outline.chin).max(0.0);
        (neck_grey, outline.inside(x.abs() - neck - flare) * fade(1.0 - y, 0.2))
    });
    outline.paint(picture, |[x, y]| {
        let edge = collar - 0.35 * (x.abs() - 0.4).max(0.0);
        let coverage = outline.inside(edge - y);
        if coverage == 0.0 {
            return (0.0, 0.0);
        }
        (cloth * (1.0 + 0.12 * texture.at(3.0 * x, y)), coverage)
    });
}

/// Two ears, unless hair hangs over them; the head, painted later, hides what is behind it.
pub(super) fn ears(picture: &mut [f32], subject: &Subject<'_>, outline: &Outline) {
    if matches!(subject.person.style, HairStyle::Long | HairStyle::Curly) {
        return;
    }
    let skin = subject.person.skin;
    let turned = subject.shot.pose.yaw.to_radians().sin();
    // An ear below the middle of the head, level with eyes and nose.
    let height = mix(outline.top, outline.chin, 0.54);
    outline.paint(picture, |[x, y]| {
        if (y - height).abs() > 0.6 {
            return (0.0, 0.0);
        }
        let side = x.signum();
        // The ear on the side that turns away vanishes behind the cheek.
        let out = outline.half_width + 0.02 - 0.8 * (turned * side).max(0.0);
        let (s, t) = ((x.abs() - out) / 0.24, (y - height) / 0.52);
        let radius = length(s, t);
        let lit = subject.shot.ambient + (1.0 - subject.shot.ambient) * 0.6;
        let grey = skin * lit * mix(0.65, 1.0, (1.5 * radius - 0.3).clamp(0.0, 1.0));
        (grey, outline.inside((radius - 1.0) * 0.24))
    });
}
