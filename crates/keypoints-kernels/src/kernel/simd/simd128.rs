//! Registers of WebAssembly: what [`Portable`](super::Portable) is there.
//!
//! Two of them count as one of eight lanes, so that all sums are those of the portable kernels on other processors, bit by bit. LLVM finds
//! vectors in plain arrays of eight by itself only now and then.

use std::arch::wasm32::*;

use super::{Vector, WHOLE};

/// 8 lanes; needs `simd128`.
#[derive(Clone, Copy)]
pub(crate) struct Simd128([v128; 2]);

/// An operation on both halves.
#[inline(always)]
fn both(one: Simd128, other: Simd128, operation: impl Fn(v128, v128) -> v128) -> Simd128 {
    Simd128([operation(one.0[0], other.0[0]), operation(one.0[1], other.0[1])])
}

// Loads and stores take any address.
impl Vector for Simd128 {
    const LANES: usize = 8;
    // Eight registers of the processor. With ten, V8 multiplies at two thirds of the speed.
    const SUMS: usize = 4;

    inlined! {
        fn splat(value: f32) -> Self = Self([f32x4_splat(value); 2]);
        fn load(from: *const f32) -> Self =
            Self([v128_load(from.cast()), v128_load(from.add(4).cast())]);
        fn store(self, to: *mut f32) = {
            v128_store(to.cast(), self.0[0]);
            v128_store(to.add(4).cast(), self.0[1]);
        };
        // Without an instruction that fuses the two.
        fn mul_add(self, factor: Self, addend: Self) -> Self = self.mul(factor).add(addend);
        fn add(self, other: Self) -> Self = both(self, other, |one, other| f32x4_add(one, other));
        fn sub(self, other: Self) -> Self = both(self, other, |one, other| f32x4_sub(one, other));
        fn mul(self, other: Self) -> Self = both(self, other, |one, other| f32x4_mul(one, other));
        fn div(self, other: Self) -> Self = both(self, other, |one, other| f32x4_div(one, other));
        // `pmax(a, b)` is `b` where `a < b`, else `a`.
        fn max(self, other: Self) -> Self = both(self, other, |one, other| f32x4_pmax(other, one));
        fn min(self, other: Self) -> Self = both(self, other, |one, other| f32x4_pmin(other, one));
        fn round(self) -> Self = self.add(Self::splat(WHOLE)).sub(Self::splat(WHOLE));
        fn scale(self, exponent: Self) -> Self = {
            // The low bits of the sum are the whole number; what stands above them is shifted out.
            let bits = exponent.add(Self::splat(WHOLE));
            let power = |bits: v128| i32x4_shl(i32x4_add(bits, i32x4_splat(127)), 23);
            self.mul(Self(bits.0.map(power)))
        };
        fn unzip(first: Self, second: Self) -> [Self; 2] = {
            let [a, b] = first.0;
            let [c, d] = second.0;
            [
                Self([i32x4_shuffle::<0, 2, 4, 6>(a, b), i32x4_shuffle::<0, 2, 4, 6>(c, d)]),
                Self([i32x4_shuffle::<1, 3, 5, 7>(a, b), i32x4_shuffle::<1, 3, 5, 7>(c, d)]),
            ]
        };
        fn zip(even: Self, odd: Self) -> [Self; 2] = {
            let quads = |even: v128, odd: v128| {
                Self([i32x4_shuffle::<0, 4, 1, 5>(even, odd), i32x4_shuffle::<2, 6, 3, 7>(even, odd)])
            };
            [quads(even.0[0], odd.0[0]), quads(even.0[1], odd.0[1])]
        };
        fn where_positive(self, test: Self) -> Self = both(self, test, |value, test| {
            v128_andnot(value, f32x4_le(test, f32x4_splat(0.0)))
        });
        fn sum(self) -> f32 = {
            let quad = f32x4_add(self.0[0], self.0[1]);
            let pair = f32x4_add(quad, i32x4_shuffle::<2, 3, 0, 1>(quad, quad));
            f32x4_extract_lane::<0>(pair) + f32x4_extract_lane::<1>(pair)
        };
    }

    #[inline(always)]
    unsafe fn transpose(from: *const f32, from_pitch: usize, to: *mut f32, to_pitch: usize) {
        for (row, column) in [(0, 0), (0, 4), (4, 0), (4, 4)] {
            // SAFETY: the caller vouches for both squares of eight, which have four squares of four.
            unsafe {
                let line = |at: usize| v128_load(from.add((row + at) * from_pitch + column).cast());
                let (a, b, c, d) = (line(0), line(1), line(2), line(3));
                let low = i32x4_shuffle::<0, 4, 1, 5>(a, b);
                let high = i32x4_shuffle::<2, 6, 3, 7>(a, b);
                let low_2 = i32x4_shuffle::<0, 4, 1, 5>(c, d);
                let high_2 = i32x4_shuffle::<2, 6, 3, 7>(c, d);
                let columns = [
                    i32x4_shuffle::<0, 1, 4, 5>(low, low_2),
                    i32x4_shuffle::<2, 3, 6, 7>(low, low_2),
                    i32x4_shuffle::<0, 1, 4, 5>(high, high_2),
                    i32x4_shuffle::<2, 3, 6, 7>(high, high_2),
                ];
                for (at, line) in columns.into_iter().enumerate() {
                    v128_store(to.add((column + at) * to_pitch + row).cast(), line);
                }
            }
        }
    }
}
