//! Who is on the picture, how they look and how they are photographed: all that is left to chance.
//!
//! The means and spreads are set so that the labels of many faces have the means and spreads of the
//! competition's training data.

use super::draw::Draw;
use super::head::Pose;
use keypoints_core::{Source, kaggle15};

/// Hair around the face.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum HairStyle {
    Bald,
    Short,
    Long,
    Curly,
}

/// Hair on the face.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Beard {
    None,
    Stubble,
    Moustache,
    Full,
}

/// A frame in front of the eyes; lengths in units.
#[derive(Clone, Copy)]
pub(super) struct Glasses {
    pub(super) half_width: f32,
    pub(super) half_height: f32,
    /// `0` square, `1` oval.
    pub(super) roundness: f32,
    pub(super) thickness: f32,
    pub(super) grey: f32,
    pub(super) tint: f32,
    pub(super) glare: f32,
}

/// What stays the same from picture to picture. Lengths in units, see [`super::head`].
pub(super) struct Person {
    pub(super) axes: [f32; 3],
    pub(super) outline_width: f32,
    pub(super) chin: f32,
    pub(super) jaw: f32,
    pub(super) eye_spread: f32,
    pub(super) eye_half_width: f32,
    pub(super) eye_tilt: f32,
    pub(super) eye_height: f32,
    pub(super) iris_radius: f32,
    pub(super) iris_grey: f32,
    pub(super) brow_inner: [f32; 2],
    pub(super) brow_outer: [f32; 2],
    pub(super) brow_arch: f32,
    pub(super) brow_thickness: f32,
    pub(super) brow_strength: f32,
    pub(super) nose_length: f32,
    pub(super) nose_depth: f32,
    pub(super) nose_width: f32,
    pub(super) mouth_height: f32,
    pub(super) mouth_half_width: f32,
    pub(super) upper_lip: f32,
    pub(super) lower_lip: f32,
    pub(super) lip_grey: f32,
    /// Share of the light that the skin throws back, `0..=1`; likewise hair.
    pub(super) skin: f32,
    pub(super) hair: f32,
    pub(super) style: HairStyle,
    pub(super) hair_thickness: f32,
    pub(super) hairline: f32,
    pub(super) hairline_curve: f32,
    pub(super) parting: f32,
    pub(super) beard: Beard,
    pub(super) wrinkles: f32,
    pub(super) glasses: Option<Glasses>,
}

impl Person {
    pub(super) fn draw(draw: &mut Draw) -> Self {
        let skin = draw.normal(0.66, 0.13).clamp(0.26, 0.92);
        let hair = match draw.below(10) {
            0..=5 => draw.between(0.04, 0.2),
            6 | 7 => draw.between(0.2, 0.45),
            _ => draw.between(0.45, 0.75),
        };
        let style = match draw.below(10) {
            0 => HairStyle::Bald,
            1..=4 => HairStyle::Short,
            5..=7 => HairStyle::Long,
            _ => HairStyle::Curly,
        };
        let beard = match (style, draw.below(20)) {
            (HairStyle::Long, _) | (_, 0..=10) => Beard::None,
            (_, 11..=14) => Beard::Stubble,
            (_, 15 | 16) => Beard::Moustache,
            _ => Beard::Full,
        };
        let outline_width = draw.normal(2.25, 0.13);
        let eye_spread = draw.normal(1.0, 0.03);
        Self {
            axes: [outline_width + draw.between(0.1, 0.3), draw.normal(3.4, 0.1), 2.35],
            outline_width,
            chin: draw.normal(3.38, 0.15),
            jaw: draw.between(2.0, 3.6),
            eye_spread,
            eye_half_width: draw.normal(0.385, 0.035),
            eye_tilt: draw.normal(0.0, 0.04),
            eye_height: draw.normal(0.19, 0.035).max(0.1),
            iris_radius: draw.normal(0.19, 0.012),
            iris_grey: draw.between(0.04, 0.3),
            brow_inner: [draw.normal(0.445, 0.1), draw.normal(-0.43, 0.09)],
            brow_outer: [draw.normal(1.76, 0.07), draw.normal(-0.38, 0.1)],
            brow_arch: draw.normal(0.24, 0.08),
            brow_thickness: draw.normal(0.095, 0.03).max(0.035),
            brow_strength: draw.between(0.45, 0.95),
            nose_length: draw.normal(1.08, 0.15),
            nose_depth: draw.normal(0.5, 0.08),
            nose_width: draw.normal(0.4, 0.055),
            mouth_height: draw.normal(2.13, 0.1),
            mouth_half_width: draw.normal(0.82, 0.07),
            upper_lip: draw.normal(0.24, 0.045).max(0.1),
            lower_lip: draw.normal(0.21, 0.045).max(0.1),
            lip_grey: draw.between(0.5, 0.8),
            skin,
            hair,
            style,
            hair_thickness: match style {
                HairStyle::Bald => 0.0,
                HairStyle::Short => draw.between(0.06, 0.3),
                HairStyle::Long => draw.between(0.25, 0.7),
                HairStyle::Curly => draw.between(0.3, 0.8),
            },
            hairline: draw.normal(-1.75, 0.25).min(-1.15),
            hairline_curve: draw.between(-0.05, 0.22),
            parting: draw.normal(0.0, 0.8),
            beard,
            wrinkles: draw.between(-0.3, 1.0).max(0.0),
            glasses: draw.chance(0.16).then(|| Glasses {
                half_width: draw.between(0.58, 0.72),
                half_height: draw.between(0.36, 0.58),
                roundness: draw.between(0.2, 1.0),
                thickness: draw.between(0.02, 0.06),
                grey: if draw.chance(0.7) {
                    draw.between(0.02, 0.2)
                } else {
                    draw.between(0.5, 0.95)
                },
                tint: if draw.chance(0.15) { draw.between(0.1, 0.4) } else { 0.0 },
                glare: if draw.chance(0.35) { draw.between(0.2, 0.8) } else { 0.0 },
            }),
        }
    }
}

/// What the face is doing.
pub(super) struct Expression {
    /// `-0.5` sulking to `1` laughing.
    pub(super) smile: f32,
    /// Height of the mouth's opening in units.
    pub(super) open: f32,
    /// How far the brows are raised, in units.
    pub(super) brow_raise: f32,
    /// How far the lids are open, `0..=1.3` of the usual.
    pub(super) lids: f32,
    /// How far the irises stray from the middle of the eyes, in units.
    pub(super) gaze: [f32; 2],
    /// Difference between the two sides of the face, in units.
    pub(super) lopsided: f32,
}

impl Expression {
    pub(super) fn draw(draw: &mut Draw) -> Self {
        let smile =
            if draw.chance(0.45) { draw.between(0.35, 1.0) } else { draw.normal(0.0, 0.15) };
        let open = match draw.below(10) {
            0 => draw.between(0.15, 0.6),
            1..=3 if smile > 0.35 => draw.between(0.1, 0.35),
            _ => 0.0,
        };
        Self {
            smile,
            open,
            brow_raise: draw.normal(0.0, 0.08),
            lids: if draw.chance(0.04) { 0.05 } else { draw.normal(1.0, 0.12).max(0.5) },
            gaze: [draw.normal(0.0, 0.06), draw.normal(0.0, 0.025)],
            lopsided: draw.normal(0.0, 0.03),
        }
    }
}

/// How the picture was taken and cut out.
pub(super) struct Shot {
    pub(super) pose: Pose,
    /// Pixels per unit, before yaw shortens what is seen.
    pub(super) scale: f32,
    /// Where the middle of the eyes should land, in pixels.
    pub(super) anchor: [f32; 2],
    /// Towards the light, in the picture's space; of length one.
    pub(super) light: [f32; 3],
    pub(super) ambient: f32,
    pub(super) shine: f32,
    /// Mean and standard deviation that the grey values are brought to, in `0..=255`.
    pub(super) brightness: f32,
    pub(super) contrast: f32,
    /// Standard deviation of the blur in pixels.
    pub(super) blur: f32,
    /// Standard deviation of the sensor noise in grey values.
    pub(super) noise: f32,
}

impl Shot {
    pub(super) fn draw(draw: &mut Draw, source: Source) -> Self {
        // The four-point pictures were taken in the wild: more turned, more tilted, often enlarged.
        let full = source == kaggle15::FULL;
        let pick = |full_value: f32, four_point: f32| if full { full_value } else { four_point };
        let pose = Pose {
            yaw: draw.normal(0.0, pick(9.0, 11.5)).clamp(-28.0, 28.0),
            pitch: draw.normal(0.0, pick(6.0, 5.5)),
            roll: draw.normal(-0.4, pick(4.2, 6.0)),
        };
        let [x, y, z] = [draw.normal(0.0, 0.55), draw.normal(-0.45, 0.3), 1.0];
        let length = (x * x + y * y + z * z).sqrt();
        Self {
            pose,
            scale: draw.normal(pick(18.7, 18.6), pick(1.35, 1.8)),
            anchor: [
                draw.normal(pick(47.9, 48.3), pick(1.7, 2.4)),
                draw.normal(pick(37.1, 37.9), pick(1.7, 2.4)),
            ],
            light: [x / length, y / length, z / length],
            ambient: draw.between(0.3, 0.65),
            shine: draw.between(0.0, 0.25),
            brightness: draw.normal(124.0, 29.0).clamp(45.0, 205.0),
            contrast: draw.normal(50.0, 10.0).clamp(22.0, 75.0),
            blur: if full {
                draw.between(0.35, 0.8)
            } else {
                draw.between(0.4, 0.9) + draw.between(0.0, 1.0).powi(3)
            },
            noise: draw.between(0.5, 3.0),
        }
    }
}
