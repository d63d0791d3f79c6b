//! One register of `f32` lanes, on each kind of processor we have kernels for.

/// A register of [`LANES`](Self::LANES) values.
///
/// # Safety
/// Every method needs a processor with the instruction set of the implementing type; see
/// [`SimdLevel`](super::SimdLevel).
pub(crate) trait Vector: Copy {
    /// Values in one register.
    const LANES: usize;

    /// All lanes the same.
    unsafe fn splat(value: f32) -> Self;

    /// Reads `LANES` values from any address.
    ///
    /// # Safety
    /// `from` must point to `LANES` readable values.
    unsafe fn load(from: *const f32) -> Self;

    /// Writes `LANES` values to any address.
    ///
    /// # Safety
    /// `to` must point to `LANES` writable values.
    unsafe fn store(self, to: *mut f32);

    /// `self · factor + addend`.
    unsafe fn mul_add(self, factor: Self, addend: Self) -> Self;

    /// `self + other`.
    unsafe fn add(self, other: Self) -> Self;

    /// `self − other`.
    unsafe fn sub(self, other: Self) -> Self;

    /// The larger of the two, lane by lane; where one is no number, `other`.
    unsafe fn max(self, other: Self) -> Self;

    /// `self`, but 0 where `test` is 0 or less.
    unsafe fn where_positive(self, test: Self) -> Self;

    /// The sum of all lanes, in a fixed order.
    unsafe fn sum(self) -> f32;

    /// Turns a square of `LANES` × `LANES` values about its diagonal.
    ///
    /// # Safety
    /// `from` must point to `LANES` rows of as many readable values, `from_pitch` apart, `to` to as many
    /// writable ones, `to_pitch` apart; the two do not overlap.
    #[inline(always)]
    unsafe fn transpose(from: *const f32, from_pitch: usize, to: *mut f32, to_pitch: usize) {
        for row in 0..Self::LANES {
            for column in 0..Self::LANES {
                // SAFETY: the caller vouches for both squares.
                unsafe {
                    *to.add(column * to_pitch + row) = *from.add(row * from_pitch + column);
                }
            }
        }
    }
}

/// Plain Rust that the compiler turns into whatever vectors the target has, NEON among them.
#[derive(Clone, Copy)]
pub(crate) struct Portable([f32; 8]);

impl Vector for Portable {
    const LANES: usize = 8;

    #[inline(always)]
    unsafe fn splat(value: f32) -> Self {
        Self([value; 8])
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        // SAFETY: the caller vouches for eight readable values; an array of `f32` has their layout.
        Self(unsafe { from.cast::<[f32; 8]>().read_unaligned() })
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        // SAFETY: the caller vouches for eight writable values.
        unsafe { to.cast::<[f32; 8]>().write_unaligned(self.0) }
    }

    #[inline(always)]
    unsafe fn mul_add(self, factor: Self, addend: Self) -> Self {
        let mut result = addend.0;
        for ((sum, a), b) in result.iter_mut().zip(self.0).zip(factor.0) {
            // Without an instruction for it, `f32::mul_add` is a call into the C library per lane.
            *sum = if cfg!(any(target_arch = "aarch64", target_feature = "fma")) {
                a.mul_add(b, *sum)
            } else {
                a * b + *sum
            };
        }
        Self(result)
    }

    #[inline(always)]
    unsafe fn add(self, other: Self) -> Self {
        Self(std::array::from_fn(|lane| self.0[lane] + other.0[lane]))
    }

    #[inline(always)]
    unsafe fn sub(self, other: Self) -> Self {
        Self(std::array::from_fn(|lane| self.0[lane] - other.0[lane]))
    }

    #[inline(always)]
    unsafe fn max(self, other: Self) -> Self {
        Self(std::array::from_fn(|lane| {
            if self.0[lane] > other.0[lane] { self.0[lane] } else { other.0[lane] }
        }))
    }

    #[inline(always)]
    unsafe fn where_positive(self, test: Self) -> Self {
        Self(std::array::from_fn(|lane| if test.0[lane] <= 0.0 { 0.0 } else { self.0[lane] }))
    }

    #[inline(always)]
    unsafe fn sum(self) -> f32 {
        let [a, b, c, d, e, f, g, h] = self.0;
        ((a + e) + (c + g)) + ((b + f) + (d + h))
    }
}

#[cfg(target_arch = "x86_64")]
pub(crate) use x86::{Avx2, Avx512};

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::*;

    use super::Vector;

    /// 16 lanes; needs `avx512f`.
    #[derive(Clone, Copy)]
    pub(crate) struct Avx512(__m512);

    // SAFETY (all methods): the trait's contract puts the instruction set and the validity of
    // pointers on the caller; the instructions used take unaligned addresses.
    impl Vector for Avx512 {
        const LANES: usize = 16;

        #[inline(always)]
        unsafe fn splat(value: f32) -> Self {
            // SAFETY: see above.
            Self(unsafe { _mm512_set1_ps(value) })
        }

        #[inline(always)]
        unsafe fn load(from: *const f32) -> Self {
            // SAFETY: see above.
            Self(unsafe { _mm512_loadu_ps(from) })
        }

        #[inline(always)]
        unsafe fn store(self, to: *mut f32) {
            // SAFETY: see above.
            unsafe { _mm512_storeu_ps(to, self.0) }
        }

        #[inline(always)]
        unsafe fn mul_add(self, factor: Self, addend: Self) -> Self {
            // SAFETY: see above.
            Self(unsafe { _mm512_fmadd_ps(self.0, factor.0, addend.0) })
        }

        #[inline(always)]
        unsafe fn add(self, other: Self) -> Self {
            // SAFETY: see above.
            Self(unsafe { _mm512_add_ps(self.0, other.0) })
        }

        #[inline(always)]
        unsafe fn sub(self, other: Self) -> Self {
            // SAFETY: see above.
            Self(unsafe { _mm512_sub_ps(self.0, other.0) })
        }

        #[inline(always)]
        unsafe fn max(self, other: Self) -> Self {
            // SAFETY: see above.
            Self(unsafe { _mm512_max_ps(self.0, other.0) })
        }

        #[inline(always)]
        unsafe fn where_positive(self, test: Self) -> Self {
            // SAFETY: see above.
            unsafe {
                let positive = _mm512_cmp_ps_mask::<_CMP_NLE_UQ>(test.0, _mm512_setzero_ps());
                Self(_mm512_maskz_mov_ps(positive, self.0))
            }
        }

        #[inline(always)]
        unsafe fn sum(self) -> f32 {
            // SAFETY: see above.
            unsafe { _mm512_reduce_add_ps(self.0) }
        }

        #[inline(always)]
        unsafe fn transpose(from: *const f32, from_pitch: usize, to: *mut f32, to_pitch: usize) {
            // SAFETY: see above, and the trait for the two squares.
            unsafe {
                let mut quads = [_mm512_setzero_ps(); 16];
                for group in 0..4 {
                    let row = |at: usize| _mm512_loadu_ps(from.add((4 * group + at) * from_pitch));
                    let (a, b, c, d) = (row(0), row(1), row(2), row(3));
                    let low = _mm512_castps_pd(_mm512_unpacklo_ps(a, b));
                    let high = _mm512_castps_pd(_mm512_unpackhi_ps(a, b));
                    let low_2 = _mm512_castps_pd(_mm512_unpacklo_ps(c, d));
                    let high_2 = _mm512_castps_pd(_mm512_unpackhi_ps(c, d));
                    // Lane block `l` of number `j` holds column `4 l + j` of the group's four rows.
                    quads[4 * group] = _mm512_castpd_ps(_mm512_unpacklo_pd(low, low_2));
                    quads[4 * group + 1] = _mm512_castpd_ps(_mm512_unpackhi_pd(low, low_2));
                    quads[4 * group + 2] = _mm512_castpd_ps(_mm512_unpacklo_pd(high, high_2));
                    quads[4 * group + 3] = _mm512_castpd_ps(_mm512_unpackhi_pd(high, high_2));
                }
                for j in 0..4 {
                    let even = _mm512_shuffle_f32x4(quads[j], quads[4 + j], 0x88);
                    let even_2 = _mm512_shuffle_f32x4(quads[8 + j], quads[12 + j], 0x88);
                    let odd = _mm512_shuffle_f32x4(quads[j], quads[4 + j], 0xdd);
                    let odd_2 = _mm512_shuffle_f32x4(quads[8 + j], quads[12 + j], 0xdd);
                    let columns = [
                        _mm512_shuffle_f32x4(even, even_2, 0x88),
                        _mm512_shuffle_f32x4(odd, odd_2, 0x88),
                        _mm512_shuffle_f32x4(even, even_2, 0xdd),
                        _mm512_shuffle_f32x4(odd, odd_2, 0xdd),
                    ];
                    for (l, column) in columns.into_iter().enumerate() {
                        _mm512_storeu_ps(to.add((4 * l + j) * to_pitch), column);
                    }
                }
            }
        }
    }

    /// 8 lanes; needs `avx2` and `fma`.
    #[derive(Clone, Copy)]
    pub(crate) struct Avx2(__m256);

    // SAFETY (all methods): as for `Avx512`.
    impl Vector for Avx2 {
        const LANES: usize = 8;

        #[inline(always)]
        unsafe fn splat(value: f32) -> Self {
            // SAFETY: see above.
            Self(unsafe { _mm256_set1_ps(value) })
        }

        #[inline(always)]
        unsafe fn load(from: *const f32) -> Self {
            // SAFETY: see above.
            Self(unsafe { _mm256_loadu_ps(from) })
        }

        #[inline(always)]
        unsafe fn store(self, to: *mut f32) {
            // SAFETY: see above.
            unsafe { _mm256_storeu_ps(to, self.0) }
        }

        #[inline(always)]
        unsafe fn mul_add(self, factor: Self, addend: Self) -> Self {
            // SAFETY: see above.
            Self(unsafe { _mm256_fmadd_ps(self.0, factor.0, addend.0) })
        }

        #[inline(always)]
        unsafe fn add(self, other: Self) -> Self {
            // SAFETY: see above.
            Self(unsafe { _mm256_add_ps(self.0, other.0) })
        }

        #[inline(always)]
        unsafe fn sub(self, other: Self) -> Self {
            // SAFETY: see above.
            Self(unsafe { _mm256_sub_ps(self.0, other.0) })
        }

        #[inline(always)]
        unsafe fn max(self, other: Self) -> Self {
            // SAFETY: see above.
            Self(unsafe { _mm256_max_ps(self.0, other.0) })
        }

        #[inline(always)]
        unsafe fn where_positive(self, test: Self) -> Self {
            // SAFETY: see above.
            unsafe {
                let positive = _mm256_cmp_ps::<_CMP_NLE_UQ>(test.0, _mm256_setzero_ps());
                Self(_mm256_and_ps(positive, self.0))
            }
        }

        #[inline(always)]
        unsafe fn sum(self) -> f32 {
            // SAFETY: see above.
            unsafe {
                let halves =
                    _mm_add_ps(_mm256_castps256_ps128(self.0), _mm256_extractf128_ps(self.0, 1));
                let pairs = _mm_add_ps(halves, _mm_movehl_ps(halves, halves));
                _mm_cvtss_f32(_mm_add_ss(pairs, _mm_shuffle_ps(pairs, pairs, 1)))
            }
        }
    }
}

/// Defines `fn name(level, …)` that runs a function generic in [`Vector`], compiled once for each level.
///
/// The defined function is as safe to call as the generic one: it makes sure of the instruction set itself.
macro_rules! at_every_level {
    ($(#[$doc:meta])* $vis:vis fn $name:ident = $generic:ident($($arg:ident: $type:ty),* $(,)?)
        $(-> $out:ty)?;) => {
        $(#[$doc])*
        #[allow(clippy::too_many_arguments)]
        $vis unsafe fn $name(level: $crate::kernel::SimdLevel, $($arg: $type),*) $(-> $out)? {
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f,avx512vl")]
            #[allow(clippy::too_many_arguments)]
            unsafe fn avx512($($arg: $type),*) $(-> $out)? {
                // SAFETY: the caller's promise.
                unsafe { $generic::<$crate::kernel::simd::Avx512>($($arg),*) }
            }
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,fma")]
            #[allow(clippy::too_many_arguments)]
            unsafe fn avx2($($arg: $type),*) $(-> $out)? {
                // SAFETY: the caller's promise.
                unsafe { $generic::<$crate::kernel::simd::Avx2>($($arg),*) }
            }
            // SAFETY: `checked` has made sure of the instruction set; the rest is the caller's promise.
            unsafe {
                match level.checked() {
                    #[cfg(target_arch = "x86_64")]
                    $crate::kernel::SimdLevel::Avx512 => avx512($($arg),*),
                    #[cfg(target_arch = "x86_64")]
                    $crate::kernel::SimdLevel::Avx2 => avx2($($arg),*),
                    _ => $generic::<$crate::kernel::simd::Portable>($($arg),*),
                }
            }
        }
    };
}
pub(crate) use at_every_level;
