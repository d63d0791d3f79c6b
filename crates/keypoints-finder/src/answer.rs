//! What a network says about a window.

use keypoints_core::Crop;

/// Prediction of a network for a window: log odds of a face, and where the face's crop lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Answer {
    /// Log odds that there is a face.
    pub logit: f32,
    /// How far the face's middle lies from the window's, along the window's own axes, as shares of its side.
    pub shift: [f32; 2],
    /// Natural logarithm of the face's side over the window's.
    pub scale: f32,
    /// How far the face is turned against the window, in radians, clockwise.
    pub roll: f32,
}

/// A network cannot move a face's side by more than this: natural logarithm.
const LARGEST_SCALE: f32 = 1.0;

impl Answer {
    /// Numbers of an answer.
    pub const OUTPUTS: usize = 5;

    /// Reads a network's outputs.
    pub fn read([logit, x, y, scale, roll]: [f32; Self::OUTPUTS]) -> Self {
        Self { logit, shift: [x, y], scale, roll }
    }

    /// The answer that would be right for a face: its crop as seen from a window. The log odds are 0.
    ///
    /// ```
    /// use keypoints_core::Crop;
    /// use keypoints_finder::Answer;
    ///
    /// let window = Crop { centre: [50.0, 40.0], side: 30.0, roll: 0.3 };
    /// let face = Crop { centre: [53.0, 38.0], side: 36.0, roll: 0.1 };
    /// let answer = Answer::towards(&window, &face);
    /// let found = answer.of(&window);
    /// assert!((found.centre[0] - 53.0).abs() < 1e-5 && (found.side - 36.0).abs() < 1e-5);
    /// assert!((found.roll - 0.1).abs() < 1e-6);
    /// ```
    pub fn towards(window: &Crop, face: &Crop) -> Self {
        let (sin, cos) = window.roll.sin_cos();
        let [x, y] = [0, 1].map(|axis| (face.centre[axis] - window.centre[axis]) / window.side);
        let (turned_sin, turned_cos) = (face.roll - window.roll).sin_cos();
        Self {
            logit: 0.0,
            shift: [(x * cos + y * sin) as f32, (y * cos - x * sin) as f32],
            scale: (face.side / window.side).ln() as f32,
            roll: turned_sin.atan2(turned_cos) as f32,
        }
    }

    /// The crop of the face, for an answer about that window.
    pub fn of(&self, window: &Crop) -> Crop {
        let [x, y] = self.shift.map(f64::from);
        Crop {
            centre: window.place([x, y], 1.0),
            side: window.side * f64::from(self.scale.clamp(-LARGEST_SCALE, LARGEST_SCALE)).exp(),
            roll: window.roll + f64::from(self.roll),
        }
    }

    /// The same answer as it would be about the window's mirror image.
    pub fn mirrored(&self) -> Self {
        Self { shift: [-self.shift[0], self.shift[1]], roll: -self.roll, ..*self }
    }

    /// The mean of two answers about one window.
    pub(crate) fn averaged(&self, other: &Self) -> Self {
        let mean = |one: f32, other: f32| (one + other) / 2.0;
        Self {
            logit: mean(self.logit, other.logit),
            shift: [0, 1].map(|axis| mean(self.shift[axis], other.shift[axis])),
            scale: mean(self.scale, other.scale),
            roll: mean(self.roll, other.roll),
        }
    }
}
