//! Lips, teeth and what is behind them.

use super::skin::Skin;
use super::{Subject, fade, mix};

/// Paints the mouth between its four points.
pub(super) fn paint(skin: &mut Skin<'_>, subject: &Subject<'_>) {
    let person = subject.person;
    let mouth = &subject.features.mouth;
    let (left, right) = (mouth.left, mouth.right);
    let half = (left[0] - right[0]) / 2.0;
    let middle = mouth.middle(0.0);
    // Place in the mouth: `t` is -1 at the right corner and 1 at the left one, `height` is measured
    // from the line between them, `arch` is the share of a height that the curve has there.
    let place = |u: f32, v: f32| {
        let t = (u - middle[0]) / half;
        let line = middle[1] + t * (left[1] - right[1]) / 2.0;
        (t, v - line, 1.0 - t * t)
    };
    let region = skin.region(
        [middle[0], middle[1] + (mouth.top + mouth.bottom) / 2.0],
        [half + 0.2, (mouth.bottom - mouth.top) / 2.0 + 0.2],
    );
    let scale = skin.head.scale;
    let inside = |distance: f32| (0.5 - distance * scale).clamp(0.0, 1.0);

    let lips = |grey: f32| grey * person.lip_grey * person.skin;
    let upper = |u: f32, v: f32| {
        let (t, height, arch) = place(u, v);
        // The bow dips in the middle; its edge there is the labelled point.
        let bow = 0.05 * (3.2 * t.abs()).min(1.0) * arch;
        inside((mouth.top * arch - bow - height).max(height - mouth.inner_top * arch))
    };
    skin.paint(&region, lips(0.82), upper);
    skin.paint(&region, lips(1.0), |u, v| {
        let (_, height, arch) = place(u, v);
        inside((mouth.inner_bottom * arch - height).max(height - mouth.bottom * arch))
    });
    // A lower lip catches light on its middle.
    let shine = mouth.middle(mix(mouth.inner_bottom, mouth.bottom, 0.45));
    skin.paint(&region, person.skin, |u, v| 0.3 * super::blob(u, v, shine, [0.4, 0.12]));

    let gap = mouth.inner_bottom - mouth.inner_top;
    if gap > 0.03 {
        skin.paint(&region, 0.05, |u, v| {
            let (_, height, arch) = place(u, v);
            inside((mouth.inner_top * arch - height).max(height - mouth.inner_bottom * arch))
        });
        let teeth = mouth.inner_top + (0.75 * gap).min(0.2);
        skin.paint(&region, 0.92, |u, v| {
            let (t, height, arch) = place(u, v);
            let edge = (mouth.inner_top * arch - height).max(height - teeth * arch);
            0.85 * inside(edge) * fade(t.abs() - 0.75, 0.2)
        });
    }
    // The line where the lips meet, or the shade under the upper one; it reaches the corners.
    skin.paint(&region, 0.08, |u, v| {
        let (t, height, arch) = place(u, v);
        let distance = (height - mouth.inner_top * arch).abs() - 0.02;
        0.7 * fade(distance, 0.06) * fade(t.abs() - 1.0, 0.06)
    });
}
