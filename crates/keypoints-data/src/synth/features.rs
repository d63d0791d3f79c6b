//! Where the parts of a face lie on its skin, and with them the fifteen points.

use super::KEYPOINTS;
use super::head::Head;
use super::person::{Expression, Person};
use keypoints_core::Point;

/// A place on the skin, `[u, v]`; see [`super::head`].
pub(super) type Place = [f32; 2];

pub(super) struct Eye {
    pub(super) inner: Place,
    pub(super) outer: Place,
    /// The middle of the pupil: the eye centre of the labels.
    pub(super) pupil: Place,
    /// How far the lids stand above and below the line between the corners.
    pub(super) above: f32,
    pub(super) below: f32,
}

pub(super) struct Brow {
    pub(super) inner: Place,
    pub(super) outer: Place,
    /// Control point of the curve between the ends.
    pub(super) peak: Place,
}

/// Heights are measured from the line between the corners, downwards.
pub(super) struct Mouth {
    pub(super) left: Place,
    pub(super) right: Place,
    pub(super) top: f32,
    pub(super) inner_top: f32,
    pub(super) inner_bottom: f32,
    pub(super) bottom: f32,
}

impl Mouth {
    /// The place in the middle of the mouth, so far below the line between the corners.
    pub(super) fn middle(&self, height: f32) -> Place {
        let half = |i: usize| (self.left[i] + self.right[i]) / 2.0;
        [half(0), half(1) + height]
    }
}

/// All parts. Of pairs, the subject's left comes first, which is the right on the picture.
pub(super) struct Features {
    pub(super) eyes: [Eye; 2],
    pub(super) brows: [Brow; 2],
    pub(super) mouth: Mouth,
    /// Tip of the nose, off the skin: `[u, v, height]`.
    pub(super) nose_tip: [f32; 3],
}

impl Features {
    pub(super) fn new(person: &Person, expression: &Expression) -> Self {
        Self {
            eyes: [1.0, -1.0].map(|side| eye(person, expression, side)),
            brows: [1.0, -1.0].map(|side| brow(person, expression, side)),
            mouth: mouth(person, expression),
            nose_tip: [0.0, person.nose_length, person.nose_depth],
        }
    }

    /// The tip of the nose on the picture.
    pub(super) fn project_nose_tip(&self, head: &Head) -> Point {
        let [u, v, height] = self.nose_tip;
        head.project(u, v, head.depth(u, v) + height)
    }

    /// Where the fifteen points are on the picture, in the order of the schema.
    pub(super) fn points(&self, head: &Head) -> [Point; KEYPOINTS] {
        let [left_eye, right_eye] = &self.eyes;
        let [left_brow, right_brow] = &self.brows;
        let mouth = &self.mouth;
        let skin = |[u, v]: Place| head.project_skin(u, v);
        [
            skin(left_eye.pupil),
            skin(right_eye.pupil),
            skin(left_eye.inner),
            skin(left_eye.outer),
            skin(right_eye.inner),
            skin(right_eye.outer),
            skin(left_brow.inner),
            skin(left_brow.outer),
            skin(right_brow.inner),
            skin(right_brow.outer),
            self.project_nose_tip(head),
            skin(mouth.left),
            skin(mouth.right),
            skin(mouth.middle(mouth.top)),
            skin(mouth.middle(mouth.bottom)),
        ]
    }
}

fn eye(person: &Person, expression: &Expression, side: f32) -> Eye {
    let half = person.eye_half_width;
    let middle = [side * person.eye_spread, 0.03];
    // The middle of the lids lies a little above the line between the corners.
    let pupil_v = middle[1] - 0.05 * expression.lids + expression.gaze[1];
    Eye {
        inner: [middle[0] - side * half, middle[1] + person.eye_tilt],
        outer: [middle[0] + side * half, middle[1] - person.eye_tilt],
        pupil: [middle[0] + expression.gaze[0], pupil_v],
        above: person.eye_height * expression.lids,
        below: 0.55 * person.eye_height * expression.lids * (1.0 - 0.3 * expression.smile),
    }
}

fn brow(person: &Person, expression: &Expression, side: f32) -> Brow {
    let raise = expression.brow_raise + side * expression.lopsided;
    let [inner_u, inner_v] = person.brow_inner;
    let [outer_u, outer_v] = person.brow_outer;
    let inner = [side * inner_u, inner_v - raise];
    let outer = [side * outer_u, outer_v - 0.6 * raise];
    let peak = [
        inner[0] + 0.6 * (outer[0] - inner[0]),
        (inner[1] + outer[1]) / 2.0 - person.brow_arch - 0.3 * raise.max(0.0),
    ];
    Brow { inner, outer, peak }
}

fn mouth(person: &Person, expression: &Expression) -> Mouth {
    let Expression { smile, open, lopsided, .. } = *expression;
    let half = person.mouth_half_width * (0.95 + 0.2 * smile - 0.25 * open);
    // A smile pulls the corners up and out and lets the middle hang.
    let corner = person.mouth_height - 0.09 * smile;
    let sag = 0.2 * smile + 0.04;
    let inner_top = sag - 0.35 * open;
    let inner_bottom = sag + 0.65 * open;
    Mouth {
        left: [half, corner - lopsided],
        right: [-half, corner + lopsided],
        top: inner_top - person.upper_lip * (1.0 - 0.25 * smile),
        inner_top,
        inner_bottom,
        bottom: inner_bottom + person.lower_lip * (1.0 - 0.15 * smile),
    }
}
