//! How exactly to multiply.

use super::Bf16Level;

/// What a convolution's factors are rounded to before they are multiplied; sums are always `f32`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precision {
    /// Not at all.
    #[default]
    F32,
    /// To bf16, the nearest, ties to even: 8 bits of mantissa, so that a product is off by up to 0.8 %,
    /// mostly much less, and errors of many products average out. Denormal numbers count as 0. Needs
    /// [`Bf16Level`]; other processors go on in `f32`.
    Bf16,
}

impl Precision {
    /// Whether this processor multiplies in this precision, rather than falling back to `f32`.
    #[must_use]
    pub fn is_supported(self) -> bool {
        self == Self::F32 || Bf16Level::best().is_some()
    }
}
