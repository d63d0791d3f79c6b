//! Turns by whole quarters, which move pixels and change none.

use std::f64::consts::FRAC_PI_2;

use keypoints_core::PictureShape;

/// A roll that differs by less from whole quarters moves no pixel of the largest crop by a thousandth.
const CLOSE: f64 = 1e-9;

/// A turn by so many quarters, clockwise as seen on the photo.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct QuarterTurns(u8);

impl QuarterTurns {
    /// The quarters of a roll in radians. `None` where it is no whole number of them.
    pub(crate) fn of(roll: f64) -> Option<Self> {
        let quarters = roll / FRAC_PI_2;
        let whole = quarters.round();
        // NaN and infinity are not close to anything.
        ((quarters - whole).abs() < CLOSE).then(|| Self(whole.rem_euclid(4.0) as u8))
    }

    /// The pixels of an upright crop as a crop with this roll has them.
    pub(crate) fn turn(self, pixels: Vec<u8>, shape: PictureShape) -> Vec<u8> {
        let (side, last) = (shape.side, shape.side.saturating_sub(1));
        let from: fn(usize, usize, usize) -> (usize, usize) = match self.0 {
            0 => return pixels,
            1 => |x, y, last| (last - y, x),
            2 => |x, y, last| (last - x, last - y),
            _ => |x, y, last| (y, last - x),
        };
        let mut turned = Vec::with_capacity(pixels.len());
        for channel in pixels.chunks_exact(shape.area().max(1)) {
            for (y, x) in (0..side).flat_map(|y| (0..side).map(move |x| (y, x))) {
                let (from_x, from_y) = from(x, y, last);
                turned.push(channel[from_y * side + from_x]);
            }
        }
        turned
    }
}
