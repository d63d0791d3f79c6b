//! Which instructions multiply bf16.

/// Instructions that multiply pairs of bf16 values and add up in `f32`.
///
/// bf16 is an `f32` without its lower 16 bits: 8 bits of mantissa, the same range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bf16Level {
    /// Intel's tile registers (`amx_tile`, `amx_bf16`), which an operating system has to grant: Linux.
    Amx,
    /// 16 lanes of two products each (`avx512_bf16`).
    Avx512,
}

impl Bf16Level {
    /// All levels, fastest first.
    pub const ALL: [Self; 2] = [Self::Amx, Self::Avx512];

    /// The level that is faster than the `f32` kernels, where this processor has it.
    ///
    /// [`Avx512`](Self::Avx512) is not: it does twice the products per instruction, but Winograd saves more than that.
    #[must_use]
    pub fn best() -> Option<Self> {
        Some(Self::Amx).filter(|level| level.is_available())
    }

    /// Whether this process can use the level.
    #[must_use]
    pub fn is_available(self) -> bool {
        match self {
            Self::Amx => has_avx512() && has_tiles(),
            Self::Avx512 => has_avx512(),
        }
    }
}

/// What rounds and transposes, for both levels.
fn has_avx512() -> bool {
    #[cfg(target_arch = "x86_64")]
    return is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512vl")
        && is_x86_feature_detected!("avx512bf16");
    #[cfg(not(target_arch = "x86_64"))]
    false
}

fn has_tiles() -> bool {
    #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
    return super::grant::is_granted();
    #[cfg(not(all(target_arch = "x86_64", target_os = "linux")))]
    false
}
