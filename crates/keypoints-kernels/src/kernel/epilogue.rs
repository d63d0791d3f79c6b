//! What happens to a convolution's sums before they are written.

use super::activation::{Activation, Curve};
use super::simd::Vector;

/// `activation(sum · scale + shift)`, scale and shift per output channel.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Epilogue<'a> {
    pub(crate) scale: Option<&'a [f32]>,
    pub(crate) shift: Option<&'a [f32]>,
    pub(crate) activation: Activation,
}

impl Epilogue<'_> {
    /// The sums as they are.
    pub(crate) const NOTHING: Epilogue<'static> =
        Epilogue { scale: None, shift: None, activation: Activation::Nothing };

    /// Whether what is negative becomes 0.
    pub(super) fn rectifies(&self) -> bool {
        self.activation == Activation::Relu
    }

    /// Scales, then shifts, of `padded` channels: 1 and 0 beyond those that there are.
    pub(super) fn padded(&self, padded: usize) -> [Vec<f32>; 2] {
        [(self.scale, 1.0), (self.shift, 0.0)].map(|(given, otherwise)| {
            let mut all = given.unwrap_or_default().to_vec();
            all.resize(padded, otherwise);
            all
        })
    }

    /// Scale and shift of a channel.
    pub(super) fn affine(&self, channel: usize) -> [f32; 2] {
        let of = |numbers: Option<&[f32]>, or| numbers.map_or(or, |numbers| numbers[channel]);
        [of(self.scale, 1.0), of(self.shift, 0.0)]
    }
}

/// `C(sum · scale + shift)`
///
/// # Safety
/// The processor must have `T`'s instructions.
#[inline(always)]
pub(super) unsafe fn finish<T: Vector, C: Curve>(sum: T, [scale, shift]: [f32; 2]) -> T {
    // SAFETY: the caller's promise.
    unsafe { C::value(sum.mul_add(T::splat(scale), T::splat(shift))) }
}
