//! One drawn face.

use keypoints_core::{Keypoint, Labels, Point, Source, kaggle15};

use super::config::SynthConfig;
use super::draw::Draw;
use super::features::Features;
use super::head::Head;
use super::paint::{Subject, portrait};
use super::person::{Expression, Person, Shot};
use super::{KEYPOINTS, SIDE};

/// How far from the true points the [four-point](kaggle15::FOUR_POINT) labels lie, in pixels, in the
/// order of [`kaggle15::FOUR_POINTS`].
///
/// That label source means other places by the same names: the foot of the nose instead of its tip, the
/// middle of the mouth instead of the lower edge of the lip. The offsets are the differences of the mean
/// faces of the two sources, measured from the eyes.
pub const FOUR_POINT_OFFSETS: [Point; 4] = [
    Point { x: 0.0, y: 0.4 },
    Point { x: 0.0, y: 0.4 },
    Point { x: 0.0, y: 7.0 },
    Point { x: 0.0, y: -5.5 },
];

/// No point comes closer to the edge of the picture than this, in pixels.
const MARGIN: f32 = 1.0;
/// The largest coordinate that is a pixel's centre.
const LAST: f32 = SIDE as f32 - 1.0;

/// A drawn face and all that is known about it.
#[derive(Clone, Debug, PartialEq)]
pub struct SyntheticFace {
    /// 96×96 grey values, row by row.
    pub pixels: Vec<u8>,
    /// Where the fifteen points are, exactly, in the order of the schema `kaggle-15`; within `0.0..=95.0`.
    ///
    /// Eye centres are the middles of the pupils. They do not depend on the label source.
    pub points: [Point; KEYPOINTS],
    /// Who would have labelled it.
    pub source: Source,
}

impl SyntheticFace {
    /// The labels of the face's label source, without any odd gap: all fifteen points where they are, or four
    /// of them moved by [`FOUR_POINT_OFFSETS`].
    pub fn labels(&self) -> Labels {
        let mut labels = Labels::default();
        if self.source == kaggle15::FOUR_POINT {
            for (keypoint, point) in four_points(&self.points) {
                labels.set_point(keypoint, point);
            }
        } else {
            for (index, point) in (0..).zip(self.points) {
                labels.set_point(Keypoint::new(index), point);
            }
        }
        labels
    }
}

fn four_points(points: &[Point; KEYPOINTS]) -> impl Iterator<Item = (Keypoint, Point)> {
    kaggle15::FOUR_POINTS.into_iter().zip(FOUR_POINT_OFFSETS).map(|(keypoint, offset)| {
        let point = points[keypoint.index()];
        (keypoint, Point { x: point.x + offset.x, y: point.y + offset.y })
    })
}

/// Draws face number `index` of a seed. Its label source is drawn as well.
///
/// The same two numbers give the same face, whatever else is drawn before, after or beside it.
///
/// ```
/// use keypoints_core::kaggle15;
/// use keypoints_data::synth::face;
///
/// let drawn = face(42, 7);
/// assert_eq!(drawn.pixels.len(), 96 * 96);
/// assert_eq!(drawn, face(42, 7));
/// // The subject's left eye stands on the picture's right side.
/// let [left, right] = [kaggle15::LEFT_EYE_CENTER, kaggle15::RIGHT_EYE_CENTER];
/// assert!(drawn.points[left.index()].x > drawn.points[right.index()].x);
/// ```
pub fn face(seed: u64, index: u64) -> SyntheticFace {
    let mut draw = Draw::new(seed, index);
    let share = SynthConfig::default().four_point_share as f32;
    let source = if draw.chance(share) { kaggle15::FOUR_POINT } else { kaggle15::FULL };
    draw_face(draw, source)
}

/// Draws face number `index` of a seed for a given label source: four-point pictures are more often turned,
/// tilted and blurred.
pub fn face_of_source(seed: u64, index: u64, source: Source) -> SyntheticFace {
    draw_face(Draw::new(seed, index), source)
}

fn draw_face(mut draw: Draw, source: Source) -> SyntheticFace {
    let person = Person::draw(&mut draw);
    let expression = Expression::draw(&mut draw);
    let shot = Shot::draw(&mut draw, source);
    let features = Features::new(&person, &expression);
    let head = place(&features, &person, &shot);
    let points = features.points(&head);
    let subject = Subject { person: &person, features: &features, shot: &shot, head: &head };
    let pixels = portrait(&subject, &mut draw);
    SyntheticFace { pixels, points, source }
}

/// Puts the head where the shot wants it, but with all points on the picture.
fn place(features: &Features, person: &Person, shot: &Shot) -> Head {
    const MIDDLE: f32 = 0.7;
    let mut head = Head::new(person.axes, MIDDLE, shot.pose, shot.scale);
    let extent = |head: &Head| {
        let points = features.points(head);
        let all = points.into_iter().chain(four_points(&points).map(|(_, point)| point));
        all.fold([f32::INFINITY, f32::INFINITY, f32::NEG_INFINITY, f32::NEG_INFINITY], |b, p| {
            [b[0].min(p.x), b[1].min(p.y), b[2].max(p.x), b[3].max(p.y)]
        })
    };
    let room = LAST - 2.0 * MARGIN;
    let [left, top, right, bottom] = extent(&head);
    // The offsets do not shrink with the face, hence the second margin.
    let fit = (room - MARGIN) / (right - left).max(bottom - top);
    if fit < 1.0 {
        head.scale *= fit;
    }

    // A turned head is cut out around its features, not around the middle of its skull.
    let eyes = {
        let points = features.points(&head);
        let [a, b] =
            [kaggle15::LEFT_EYE_CENTER, kaggle15::RIGHT_EYE_CENTER].map(|k| points[k.index()]);
        let nose = points[kaggle15::NOSE_TIP.index()];
        let (x, y) = ((a.x + b.x) / 2.0, (a.y + b.y) / 2.0);
        Point { x: x + 0.25 * (nose.x - x), y }
    };
    head.shift = Point { x: shot.anchor[0] - eyes.x, y: shot.anchor[1] - eyes.y };

    let [left, top, right, bottom] = extent(&head);
    let nudge = |low: f32, high: f32| (MARGIN - low).max(0.0) + (LAST - MARGIN - high).min(0.0);
    head.shift.x += nudge(left, right);
    head.shift.y += nudge(top, bottom);
    head
}
