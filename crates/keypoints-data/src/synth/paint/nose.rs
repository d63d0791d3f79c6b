//! The nose: a ridge and a ball that catch the light, nostrils and wings.

use super::skin::Skin;
use super::{Subject, blob, fade, length};

/// Paints the nose where its tip *appears*: it stands off the skin, so it moves when the head turns.
pub(super) fn paint(skin: &mut Skin<'_>, subject: &Subject<'_>) {
    let person = subject.person;
    let tip = subject.features.project_nose_tip(subject.head);
    let [tip_u, tip_v, _] = subject.head.unproject(tip);
    let width = person.nose_width;

    let root = [0.0, -0.1];
    for step in 0..5 {
        let share = step as f32 / 4.0;
        let middle = [root[0] + share * tip_u, root[1] + share * (tip_v - root[1])];
        skin.bump(middle, [0.2 + 0.14 * share, 0.45], 0.05 + 0.03 * share);
    }
    skin.bump([tip_u, tip_v], [width * 0.95, 0.36], 0.16);
    let brightening = skin.region([tip_u, tip_v - 0.02], [0.2, 0.2]);
    skin.paint(&brightening, (1.25 * person.skin).min(1.0), |u, v| {
        0.5 * blob(u, v, [tip_u, tip_v - 0.02], [0.2, 0.2])
    });

    skin.shade([tip_u, tip_v + 0.4], [0.5, 0.26], 0.3);
    for side in [-1.0, 1.0] {
        let wing = [tip_u + side * width * 0.85, tip_v + 0.1];
        skin.bump(wing, [0.22, 0.24], 0.08);
        // The crease around the wing.
        let region = skin.region(wing, [0.35, 0.35]);
        let strength = 0.35;
        skin.paint(&region, 0.1, |u, v| {
            let (s, t) = ((u - wing[0]) * side, v - wing[1]);
            let ring = (length(s, t) - 0.19).abs() - 0.015;
            strength * fade(ring, 0.06) * fade(-s - 0.02, 0.12)
        });
        let nostril = [tip_u + side * width * 0.45, tip_v + 0.26];
        let region = skin.region(nostril, [0.2, 0.15]);
        skin.paint(&region, 0.06, |u, v| {
            let radius = length((u - nostril[0]) / 0.12, (v - nostril[1]) / 0.065);
            0.75 * fade((radius - 1.0) * 0.065, 0.05)
        });
    }
}
