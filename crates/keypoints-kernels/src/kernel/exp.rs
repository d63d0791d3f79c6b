//! The exponential function, a register at once.

use super::simd::Vector;

/// e^x to about one unit in the last place for `x` in `-87..=88`. Below it falls to at most e⁻⁸⁸, above it
/// grows to infinity, NaN stays NaN.
///
/// `x = n·ln 2 + r` with a whole `n`; e^r is a polynomial of degree six, with the coefficients of the Cephes library
/// (Moshier 1992).
///
/// # Safety
/// The processor must have `T`'s instructions.
#[inline(always)]
pub(super) unsafe fn exp<T: Vector>(x: T) -> T {
    /// ln 2 in two parts, the first so short that `n` times it is exact.
    const LN_2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];
    const TERMS: [f32; 6] =
        [1.987_569_1e-4, 1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5];
    // SAFETY: the caller's promise. In this order of arguments a NaN survives.
    unsafe {
        let x = T::splat(89.0).min(T::splat(-88.0).max(x));
        let n = x.mul(T::splat(std::f32::consts::LOG2_E)).round();
        let r = n.mul_add(T::splat(-LN_2[1]), n.mul_add(T::splat(-LN_2[0]), x));
        let mut sum = T::splat(TERMS[0]);
        for term in &TERMS[1..] {
            sum = sum.mul_add(r, T::splat(*term));
        }
        sum.mul_add(r.mul(r), r).add(T::splat(1.0)).scale(n)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::kernel::SimdLevel;
    use crate::kernel::simd::at_every_level;

    at_every_level! {
        fn exponentials = exponentials_of(values: &mut [f32]);
    }

    #[inline(always)]
    unsafe fn exponentials_of<T: Vector>(values: &mut [f32]) {
        for value in values {
            // SAFETY: a register takes at least one value.
            unsafe { exp(T::load_part(value, 1)).store_part(value, 1) };
        }
    }

    pub(in crate::kernel) fn levels() -> impl Iterator<Item = SimdLevel> {
        SimdLevel::ALL.into_iter().filter(|level| level.is_available())
    }

    /// Error in units of the last place of the true value.
    pub(in crate::kernel) fn off(found: f32, truth: f64) -> f64 {
        let unit = f64::from(f32::EPSILON) * 2.0_f64.powi(truth.abs().log2().floor() as i32);
        (f64::from(found) - truth).abs() / unit
    }

    #[test]
    fn exponentials_are_right_to_two_last_places() {
        let inputs: Vec<f32> = (-87_000..=88_000).map(|i| i as f32 * 1e-3 + 1e-5).collect();
        for level in levels() {
            let mut found = inputs.clone();
            // SAFETY: a slice of any length will do.
            unsafe { exponentials(level, &mut found) };
            for (x, y) in inputs.iter().zip(found) {
                let error = off(y, f64::from(*x).exp());
                assert!(error <= 2.0, "{level:?}: exp({x}) = {y}, off by {error}");
            }
            let mut ends = [f32::INFINITY, 89.0, 1e30, f32::NEG_INFINITY, -1e30, f32::NAN, 0.0];
            // SAFETY: as above.
            unsafe { exponentials(level, &mut ends) };
            assert_eq!(ends[..3], [f32::INFINITY; 3]);
            assert!(ends[3..5].iter().all(|end| (0.0..1e-38).contains(end)), "{ends:?}");
            assert!(ends[5].is_nan());
            assert_eq!(ends[6], 1.0);
        }
    }
}
