//! Hair behind the head, over the forehead, on chin and lips, and the brows.

use super::super::draw::Texture;
use super::super::person::{Beard, HairStyle};
use super::outline::Outline;
use super::skin::Skin;
use super::{Subject, fade, line_distance, mix};

/// Light on hair: strands of different brightness.
fn strands(base: f32, texture: &Texture, across: f32, along: f32) -> f32 {
    base * (1.0 + 0.35 * texture.at(across, along)) + 0.04 * texture.at(along, across)
}

/// The part of the hair that the head stands in front of.
pub(super) fn behind(
    picture: &mut [f32],
    subject: &Subject<'_>,
    outline: &Outline,
    texture: &Texture,
) {
    let person = subject.person;
    let middle = mix(outline.top, outline.chin, 0.5);
    let lit = mix(subject.shot.ambient, 1.0, 0.5);
    let reach = match person.style {
        HairStyle::Bald => return,
        HairStyle::Short => middle - 0.2,
        HairStyle::Long => outline.chin + 1.5,
        HairStyle::Curly => outline.chin - 0.6,
    };
    let ragged = if person.style == HairStyle::Curly { 0.22 } else { 0.05 };
    outline.paint(picture, |[x, y]| {
        // Below the widest place long hair falls straight instead of following the jaw.
        let distance = if person.style == HairStyle::Short {
            outline.distance([x, y])
        } else {
            outline.distance([x, y.min(middle)])
        };
        let edge = distance - person.hair_thickness;
        if edge > ragged + 0.1 {
            return (0.0, 0.0);
        }
        let edge = edge + ragged * texture.at(4.0 * x, 4.0 * y);
        let coverage = outline.inside(edge) * fade(y - reach, 0.25);
        if coverage == 0.0 {
            return (0.0, 0.0);
        }
        (lit * strands(person.hair, texture, 10.0 * x, 1.3 * y), coverage)
    });
}

/// The part of the hair that lies on the forehead and temples.
pub(super) fn front(skin: &mut Skin<'_>, subject: &Subject<'_>, texture: &Texture) {
    let person = subject.person;
    if person.style == HairStyle::Bald {
        return;
    }
    let temples = match person.style {
        HairStyle::Long => 0.86,
        HairStyle::Curly => 0.92,
        _ => 0.95,
    } * person.outline_width;
    let side_ends = if person.style == HairStyle::Short { 0.1 } else { 3.0 };
    skin.paint_mixed(&Skin::everywhere(), |u, v| {
        let from_parting = u - person.parting;
        let hairline = person.hairline + person.hairline_curve * from_parting * from_parting;
        let on_top = v - hairline;
        let at_side = (temples - u.abs()).max(v - side_ends);
        // Nothing is ragged further than this.
        if on_top.min(at_side) > 0.3 {
            return (0.0, 0.0);
        }
        let on_top = on_top + 0.15 * texture.at(8.0 * u, 3.0 * v);
        let at_side = at_side + 0.08 * texture.at(u, 4.0 * v);
        let grey = strands(person.hair, texture, 11.0 * u, 2.0 * v + u);
        (grey, fade(on_top.min(at_side), 0.14))
    });
}

/// Stubble, moustache or beard.
pub(super) fn beard(skin: &mut Skin<'_>, subject: &Subject<'_>, texture: &Texture) {
    let person = subject.person;
    let (strength, speckle) = match person.beard {
        Beard::None => return,
        Beard::Stubble => (0.25, 0.3),
        Beard::Moustache | Beard::Full => (0.65, 0.3),
    };
    let mouth = &subject.features.mouth;
    let [_, lip] = mouth.middle(mouth.top);
    let nose_base = person.nose_length + 0.42;
    let cover = |u: f32, v: f32| {
        let upper_lip = {
            // It hangs over the corners of the mouth and thins out there.
            let middle = (nose_base + lip) / 2.0 + 0.2 * u * u;
            let thickness = 0.35 * (lip - nose_base).max(0.3) * (1.0 - 0.5 * u * u);
            fade((v - middle).abs() - thickness, 0.16) * fade(u.abs() - 0.8, 0.25)
        };
        if person.beard == Beard::Moustache {
            return upper_lip;
        }
        // From the ears down along the jaw, leaving the cheeks free.
        let jaw_line = 2.05 - 1.1 * (u.abs() - 0.75).max(0.0);
        let jaw = fade(jaw_line - v + 0.08 * texture.at(4.0 * u, 4.0 * v), 0.3);
        jaw.max(upper_lip)
    };
    let region = Skin::everywhere();
    let grey = mix(person.hair, 0.5 * person.skin, 0.2);
    skin.paint(&region, grey, |u, v| {
        // All of it is well below the eyes.
        let covered = if v < 0.4 { 0.0 } else { cover(u, v) };
        if covered == 0.0 {
            return 0.0;
        }
        let grain = 1.0 + speckle * texture.at(13.0 * u, 13.0 * v);
        (covered * strength * grain).clamp(0.0, 1.0)
    });
}

/// Two brows, each ending at its two points.
pub(super) fn brows(skin: &mut Skin<'_>, subject: &Subject<'_>, texture: &Texture) {
    const PIECES: usize = 8;
    let person = subject.person;
    let grey = mix(person.hair, 0.35 * person.skin, 0.35).min(0.75 * person.skin);
    for brow in &subject.features.brows {
        let at = |i: usize| -> [f32; 2] {
            let t = i as f32 / PIECES as f32;
            std::array::from_fn(|axis| {
                let (a, b, c) = (brow.inner[axis], brow.peak[axis], brow.outer[axis]);
                mix(mix(a, b, t), mix(b, c, t), t)
            })
        };
        let corners: [[f32; 2]; PIECES + 1] = std::array::from_fn(at);
        let middle = [(brow.inner[0] + brow.outer[0]) / 2.0, (brow.inner[1] + brow.peak[1]) / 2.0];
        let half_height = (brow.peak[1] - brow.inner[1]).abs() / 2.0 + 0.3;
        let region = skin.region(middle, [0.95, half_height]);
        let scale = skin.head.scale;
        skin.paint(&region, grey, |u, v| {
            let mut nearest = f32::INFINITY;
            for (i, ends) in corners.windows(2).enumerate() {
                let (distance, share) = line_distance(u, v, ends[0], ends[1]);
                let along = (i as f32 + share) / PIECES as f32;
                // Thickest a third of the way out, thin at both ends.
                let bulge = (along - 0.35) / if along < 0.35 { 0.45 } else { 0.75 };
                let thickness = person.brow_thickness * (1.0 - bulge * bulge).max(0.15);
                nearest = nearest.min(distance - thickness);
            }
            let hairs = 1.0 + 0.2 * texture.at(14.0 * u, 9.0 * v);
            (0.5 - 0.7 * nearest * scale).clamp(0.0, 1.0) * (person.brow_strength * hairs).min(1.0)
        });
    }
}
