//! One register of `f32` lanes, on each kind of processor we have kernels for.

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
use std::array::from_fn;

/// A register of [`LANES`](Self::LANES) values.
///
/// # Safety
/// Every method needs a processor with the instruction set of the implementing type; see
/// [`SimdLevel`](super::SimdLevel).
pub(crate) trait Vector: Copy {
    /// Values in one register.
    const LANES: usize;

    /// Registers that the sums of an inner loop may take.
    const SUMS: usize;

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

    /// The smaller of the two, lane by lane; where one is no number, `other`.
    unsafe fn min(self, other: Self) -> Self;

    /// `self · other`.
    unsafe fn mul(self, other: Self) -> Self;

    /// `self / other`.
    unsafe fn div(self, other: Self) -> Self;

    /// `1 / self` to about one unit in the last place, of positive values; 0 for infinity, NaN stays NaN.
    #[inline(always)]
    unsafe fn reciprocal(self) -> Self {
        // SAFETY: the caller's promise.
        unsafe { Self::splat(1.0).div(self) }
    }

    /// The nearest whole number, of values below 2²² in size.
    unsafe fn round(self) -> Self;

    /// `self · 2^exponent` of whole exponents in `-127..=128`; the first may give 0, the last infinity.
    unsafe fn scale(self, exponent: Self) -> Self;

    /// Reads `count` values, fewer than `LANES`, and puts 0 behind them.
    ///
    /// # Safety
    /// `from` must point to `count` readable values.
    #[inline(always)]
    unsafe fn load_part(from: *const f32, count: usize) -> Self {
        let mut lanes = [0.0_f32; 16];
        // SAFETY: the caller vouches for `count` values; a register has at most 16.
        unsafe {
            for (at, lane) in lanes.iter_mut().enumerate().take(count) {
                *lane = *from.add(at);
            }
            Self::load(lanes.as_ptr())
        }
    }

    /// Writes the first `count` lanes, fewer than `LANES`.
    ///
    /// # Safety
    /// `to` must point to `count` writable values.
    #[inline(always)]
    unsafe fn store_part(self, to: *mut f32, count: usize) {
        let mut lanes = [0.0_f32; 16];
        // SAFETY: the caller vouches for `count` values; a register has at most 16.
        unsafe {
            self.store(lanes.as_mut_ptr());
            for (at, lane) in lanes.iter().enumerate().take(count) {
                to.add(at).write(*lane);
            }
        }
    }

    /// The even and the odd lanes of two registers in a row.
    unsafe fn unzip(first: Self, second: Self) -> [Self; 2];

    /// Two registers in a row whose even and odd lanes are those of the arguments.
    unsafe fn zip(even: Self, odd: Self) -> [Self; 2];

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

/// A register from an address with `left` readable values, 0 behind them.
///
/// # Safety
/// As for [`Vector::load_part`], with `left` values.
#[inline(always)]
pub(crate) unsafe fn part<T: Vector>(from: *const f32, left: usize) -> T {
    // SAFETY: a whole register is read only where there is one.
    unsafe { if left >= T::LANES { T::load(from) } else { T::load_part(from, left) } }
}

/// Writes a register, or as much of it as there is room for.
///
/// # Safety
/// As for [`Vector::store_part`], with `left` values.
#[inline(always)]
pub(crate) unsafe fn put<T: Vector>(value: T, to: *mut f32, left: usize) {
    // SAFETY: a whole register is written only where there is room for one.
    unsafe { if left >= T::LANES { value.store(to) } else { value.store_part(to, left) } }
}

/// Copies `rows` rows of `width` values between places where they lie `pitches` apart (of `from`, of `to`).
///
/// # Safety
/// The processor must have `T`'s instructions; all rows exist in both, and the two do not overlap.
#[inline(always)]
pub(crate) unsafe fn copy_rows<T: Vector>(
    from: *const f32,
    to: *mut f32,
    [rows, width]: [usize; 2],
    pitches: [usize; 2],
) {
    // SAFETY: the caller's promise.
    unsafe {
        if width < T::LANES {
            for row in 0..rows {
                let value = T::load_part(from.add(row * pitches[0]), width);
                value.store_part(to.add(row * pitches[1]), width);
            }
            return;
        }
        for row in 0..rows {
            let (from, to) = (from.add(row * pitches[0]), to.add(row * pitches[1]));
            let mut at = 0;
            while at + T::LANES < width {
                T::load(from.add(at)).store(to.add(at));
                at += T::LANES;
            }
            // The last register may take a part of the one before along.
            let last = width - T::LANES;
            T::load(from.add(last)).store(to.add(last));
        }
    }
}

/// Asks for a cache line that will soon be read; any address will do.
#[inline(always)]
pub(crate) fn prefetch(from: *const f32) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: every x86-64 has the instruction, and it does nothing with an address that cannot be read.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(from.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = from;
}

/// Asks for a cache line that will soon be written; any address will do.
#[inline(always)]
pub(crate) fn prefetch_to_write(to: *mut f32) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: processors without the instruction take it for one that does nothing, as they do addresses that cannot be
    // written.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_ET0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_ET0>(to.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = to;
}

/// Methods of one expression each, `fn name(…) -> … = expression;`, compiled into their callers.
macro_rules! inlined {
    ($(fn $name:ident $(<$generic:ident: $bound:ident>)? ($($args:tt)*) $(-> $out:ty)? = $body:expr;)*) => {
        $(
            #[inline(always)]
            // Where the expression is plain Rust.
            #[allow(unused_unsafe)]
            unsafe fn $name $(<$generic: $bound>)? ($($args)*) $(-> $out)? {
                // SAFETY: the trait's contract puts instruction set and validity of pointers on the caller.
                unsafe { $body }
            }
        )*
    };
}
pub(super) use inlined;

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd128;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub(crate) use simd128::Simd128 as Portable;

/// Plain Rust that the compiler turns into whatever vectors the target has, NEON among them.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
#[derive(Clone, Copy)]
pub(crate) struct Portable([f32; 8]);

/// Added to a value below 2²² in size it leaves no bits for a fraction.
const WHOLE: f32 = 12_582_912.0;

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
impl Vector for Portable {
    const LANES: usize = 8;
    const SUMS: usize = 12;

    inlined! {
        fn splat(value: f32) -> Self = Self([value; 8]);
        // An array of `f32` has the layout of eight values.
        fn load(from: *const f32) -> Self = Self(from.cast::<[f32; 8]>().read_unaligned());
        fn store(self, to: *mut f32) = to.cast::<[f32; 8]>().write_unaligned(self.0);
        fn add(self, other: Self) -> Self = Self(from_fn(|lane| self.0[lane] + other.0[lane]));
        fn sub(self, other: Self) -> Self = Self(from_fn(|lane| self.0[lane] - other.0[lane]));
        fn mul(self, other: Self) -> Self = Self(from_fn(|lane| self.0[lane] * other.0[lane]));
        fn div(self, other: Self) -> Self = Self(from_fn(|lane| self.0[lane] / other.0[lane]));
        fn max(self, other: Self) -> Self = Self(from_fn(|lane| {
            if self.0[lane] > other.0[lane] { self.0[lane] } else { other.0[lane] }
        }));
        fn min(self, other: Self) -> Self = Self(from_fn(|lane| {
            if self.0[lane] < other.0[lane] { self.0[lane] } else { other.0[lane] }
        }));
        fn round(self) -> Self = Self(self.0.map(|value| (value + WHOLE) - WHOLE));
        fn scale(self, exponent: Self) -> Self = Self(from_fn(|lane| {
            // The low bits of the sum are the whole number; what stands above them is shifted out.
            let bits = (exponent.0[lane] + WHOLE).to_bits().wrapping_add(127) << 23;
            self.0[lane] * f32::from_bits(bits)
        }));
        fn unzip(first: Self, second: Self) -> [Self; 2] = {
            let at = |index: usize| if index < 8 { first.0[index] } else { second.0[index - 8] };
            [0, 1].map(|odd| Self(from_fn(|lane| at(2 * lane + odd))))
        };
        fn zip(even: Self, odd: Self) -> [Self; 2] = {
            let at = |index: usize| {
                if index.is_multiple_of(2) { even.0[index / 2] } else { odd.0[index / 2] }
            };
            [0, 8].map(|first| Self(from_fn(|lane| at(first + lane))))
        };
        fn where_positive(self, test: Self) -> Self =
            Self(from_fn(|lane| if test.0[lane] <= 0.0 { 0.0 } else { self.0[lane] }));
        fn sum(self) -> f32 = {
            let [a, b, c, d, e, f, g, h] = self.0;
            ((a + e) + (c + g)) + ((b + f) + (d + h))
        };
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

    // The instructions used take unaligned addresses, and lanes that a mask leaves out are neither read nor written.
    impl Vector for Avx512 {
        const LANES: usize = 16;
        const SUMS: usize = 24;

        inlined! {
            fn splat(value: f32) -> Self = Self(_mm512_set1_ps(value));
            fn load(from: *const f32) -> Self = Self(_mm512_loadu_ps(from));
            fn store(self, to: *mut f32) = _mm512_storeu_ps(to, self.0);
            fn load_part(from: *const f32, count: usize) -> Self =
                Self(_mm512_maskz_loadu_ps((1 << count) - 1, from));
            fn store_part(self, to: *mut f32, count: usize) =
                _mm512_mask_storeu_ps(to, (1 << count) - 1, self.0);
            fn mul_add(self, factor: Self, addend: Self) -> Self =
                Self(_mm512_fmadd_ps(self.0, factor.0, addend.0));
            fn add(self, other: Self) -> Self = Self(_mm512_add_ps(self.0, other.0));
            fn sub(self, other: Self) -> Self = Self(_mm512_sub_ps(self.0, other.0));
            fn max(self, other: Self) -> Self = Self(_mm512_max_ps(self.0, other.0));
            fn min(self, other: Self) -> Self = Self(_mm512_min_ps(self.0, other.0));
            fn mul(self, other: Self) -> Self = Self(_mm512_mul_ps(self.0, other.0));
            fn div(self, other: Self) -> Self = Self(_mm512_div_ps(self.0, other.0));
            fn reciprocal(self) -> Self = {
                // A division takes four times as long as 14 bits and a step of Newton's.
                let rough = _mm512_rcp14_ps(self.0);
                let rest = _mm512_fnmadd_ps(self.0, rough, _mm512_set1_ps(1.0));
                let fine = _mm512_fmadd_ps(rough, rest, rough);
                let infinity = _mm512_set1_ps(f32::INFINITY);
                let finite = _mm512_cmp_ps_mask::<_CMP_NEQ_UQ>(self.0, infinity);
                Self(_mm512_maskz_mov_ps(finite, fine))
            };
            fn round(self) -> Self = Self(_mm512_roundscale_ps::<_MM_FROUND_NO_EXC>(self.0));
            fn scale(self, exponent: Self) -> Self = Self(_mm512_scalef_ps(self.0, exponent.0));
            fn unzip(first: Self, second: Self) -> [Self; 2] = {
                let even =
                    _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
                let odd = _mm512_add_epi32(even, _mm512_set1_epi32(1));
                [even, odd].map(|lanes| Self(_mm512_permutex2var_ps(first.0, lanes, second.0)))
            };
            fn zip(even: Self, odd: Self) -> [Self; 2] = {
                let low = _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
                let high = _mm512_add_epi32(low, _mm512_set1_epi32(8));
                [low, high].map(|lanes| Self(_mm512_permutex2var_ps(even.0, lanes, odd.0)))
            };
            fn where_positive(self, test: Self) -> Self = {
                let positive = _mm512_cmp_ps_mask::<_CMP_NLE_UQ>(test.0, _mm512_setzero_ps());
                Self(_mm512_maskz_mov_ps(positive, self.0))
            };
            fn sum(self) -> f32 = _mm512_reduce_add_ps(self.0);
        }

        #[inline(always)]
        unsafe fn transpose(from: *const f32, from_pitch: usize, to: *mut f32, to_pitch: usize) {
            // SAFETY: the caller vouches for the instructions and for both squares.
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

    /// A mask of the first `count` lanes, fewer than eight.
    ///
    /// # Safety
    /// Needs `avx2`.
    #[inline(always)]
    unsafe fn first_lanes(count: usize) -> __m256i {
        const EDGE: [i32; 16] = [-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0];
        // SAFETY: eight values from 8 − count on lie within the array.
        unsafe { _mm256_loadu_si256(EDGE.as_ptr().add(8 - count.min(8)).cast()) }
    }

    /// 8 lanes; needs `avx2` and `fma`.
    #[derive(Clone, Copy)]
    pub(crate) struct Avx2(__m256);

    // As for `Avx512`.
    impl Vector for Avx2 {
        const LANES: usize = 8;
        const SUMS: usize = 12;

        inlined! {
            fn splat(value: f32) -> Self = Self(_mm256_set1_ps(value));
            fn load(from: *const f32) -> Self = Self(_mm256_loadu_ps(from));
            fn store(self, to: *mut f32) = _mm256_storeu_ps(to, self.0);
            fn load_part(from: *const f32, count: usize) -> Self =
                Self(_mm256_maskload_ps(from, first_lanes(count)));
            fn store_part(self, to: *mut f32, count: usize) =
                _mm256_maskstore_ps(to, first_lanes(count), self.0);
            fn mul_add(self, factor: Self, addend: Self) -> Self =
                Self(_mm256_fmadd_ps(self.0, factor.0, addend.0));
            fn add(self, other: Self) -> Self = Self(_mm256_add_ps(self.0, other.0));
            fn sub(self, other: Self) -> Self = Self(_mm256_sub_ps(self.0, other.0));
            fn max(self, other: Self) -> Self = Self(_mm256_max_ps(self.0, other.0));
            fn min(self, other: Self) -> Self = Self(_mm256_min_ps(self.0, other.0));
            fn mul(self, other: Self) -> Self = Self(_mm256_mul_ps(self.0, other.0));
            fn div(self, other: Self) -> Self = Self(_mm256_div_ps(self.0, other.0));
            fn round(self) -> Self = Self(
                _mm256_round_ps::<{ _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC }>(self.0)
            );
            fn scale(self, exponent: Self) -> Self = {
                let whole = _mm256_cvtps_epi32(exponent.0);
                let biased = _mm256_add_epi32(whole, _mm256_set1_epi32(127));
                let power = _mm256_castsi256_ps(_mm256_slli_epi32::<23>(biased));
                Self(_mm256_mul_ps(self.0, power))
            };
            fn unzip(first: Self, second: Self) -> [Self; 2] = {
                let even = _mm256_shuffle_ps::<0x88>(first.0, second.0);
                let odd = _mm256_shuffle_ps::<0xdd>(first.0, second.0);
                [even, odd].map(|lanes| {
                    let pairs = _mm256_castps_pd(lanes);
                    Self(_mm256_castpd_ps(_mm256_permute4x64_pd::<0xd8>(pairs)))
                })
            };
            fn zip(even: Self, odd: Self) -> [Self; 2] = {
                let low = _mm256_unpacklo_ps(even.0, odd.0);
                let high = _mm256_unpackhi_ps(even.0, odd.0);
                [
                    Self(_mm256_permute2f128_ps::<0x20>(low, high)),
                    Self(_mm256_permute2f128_ps::<0x31>(low, high)),
                ]
            };
            fn where_positive(self, test: Self) -> Self = {
                let positive = _mm256_cmp_ps::<_CMP_NLE_UQ>(test.0, _mm256_setzero_ps());
                Self(_mm256_and_ps(positive, self.0))
            };
            fn sum(self) -> f32 = {
                let (low, high) = (_mm256_castps256_ps128(self.0), _mm256_extractf128_ps(self.0, 1));
                let halves = _mm_add_ps(low, high);
                let pairs = _mm_add_ps(halves, _mm_movehl_ps(halves, halves));
                _mm_cvtss_f32(_mm_add_ss(pairs, _mm_shuffle_ps(pairs, pairs, 1)))
            };
        }
    }
}

/// Defines functions `name(level, …)` that run a function generic in [`Vector`], compiled once for each level.
///
/// Numbers that the generic function takes beside the vector stand behind it, for each level: `generic::<[…], […], […]>`.
///
/// The defined functions are as safe to call as the generic ones: they make sure of the instruction set themselves.
macro_rules! at_every_level {
    ($($(#[$doc:meta])* $vis:vis fn $name:ident = $generic:ident
        $(::<[$($wide:literal),*], [$($half:literal),*], [$($plain:literal),*]>)?
        ($($arg:ident: $type:ty),* $(,)?) $(-> $out:ty)?;)*) => {$(
        $(#[$doc])*
        #[allow(clippy::too_many_arguments)]
        $vis unsafe fn $name(level: $crate::kernel::SimdLevel, $($arg: $type),*) $(-> $out)? {
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f,avx512vl")]
            #[allow(clippy::too_many_arguments)]
            unsafe fn avx512($($arg: $type),*) $(-> $out)? {
                // SAFETY: the caller's promise.
                unsafe { $generic::<$crate::kernel::simd::Avx512 $($(, $wide)*)?>($($arg),*) }
            }
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,fma")]
            #[allow(clippy::too_many_arguments)]
            unsafe fn avx2($($arg: $type),*) $(-> $out)? {
                // SAFETY: the caller's promise.
                unsafe { $generic::<$crate::kernel::simd::Avx2 $($(, $half)*)?>($($arg),*) }
            }
            // SAFETY: `checked` has made sure of the instruction set; the rest is the caller's promise.
            unsafe {
                match level.checked() {
                    #[cfg(target_arch = "x86_64")]
                    $crate::kernel::SimdLevel::Avx512 => avx512($($arg),*),
                    #[cfg(target_arch = "x86_64")]
                    $crate::kernel::SimdLevel::Avx2 => avx2($($arg),*),
                    _ => $generic::<$crate::kernel::simd::Portable $($(, $plain)*)?>($($arg),*),
                }
            }
        }
    )*};
}
pub(crate) use at_every_level;
