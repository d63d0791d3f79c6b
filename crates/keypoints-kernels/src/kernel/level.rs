//! Which instructions to use.

use std::sync::OnceLock;

/// A set of kernels, named after the instructions they need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SimdLevel {
    /// 16 lanes, 32 registers.
    Avx512,
    /// 8 lanes, 16 registers, fused multiply-add.
    Avx2,
    /// What the compiler makes of plain Rust: SSE2 or NEON. In WebAssembly SIMD128, if the build has it.
    Portable,
}

impl SimdLevel {
    /// All levels, fastest first.
    pub const ALL: [Self; 3] = [Self::Avx512, Self::Avx2, Self::Portable];

    /// The fastest level that this processor has; a lower one where the environment variable `KEYPOINTS_KERNELS` names it
    /// (`avx2`, `portable`), to test or to compare. Matrix products by the gemm crate do not ask.
    #[must_use]
    pub fn best() -> Self {
        static BEST: OnceLock<SimdLevel> = OnceLock::new();
        *BEST.get_or_init(|| {
            let wanted = std::env::var("KEYPOINTS_KERNELS").unwrap_or_default();
            let named = Self::ALL.into_iter().position(|level| level.name() == wanted);
            let allowed = Self::ALL.into_iter().skip(named.unwrap_or(0));
            allowed.into_iter().find(|level| level.is_available()).unwrap_or(Self::Portable)
        })
    }

    /// `avx512`, `avx2` or `portable`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Avx512 => "avx512",
            Self::Avx2 => "avx2",
            Self::Portable => "portable",
        }
    }

    /// Whether this processor can run the level.
    #[must_use]
    pub fn is_available(self) -> bool {
        match self {
            #[cfg(target_arch = "x86_64")]
            // Without `avx512vl` the compiler may not use half of the registers for sums of lanes.
            Self::Avx512 => {
                is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vl")
            }
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma"),
            #[cfg(not(target_arch = "x86_64"))]
            Self::Avx512 | Self::Avx2 => false,
            Self::Portable => true,
        }
    }

    /// `self` where the processor has it, else the best that it has: kernels call this before
    /// they rely on an instruction set.
    pub(crate) fn checked(self) -> Self {
        if self.is_available() { self } else { Self::best() }
    }

    /// Values in one register.
    pub(crate) fn lanes(self) -> usize {
        match self {
            Self::Avx512 => 16,
            Self::Avx2 | Self::Portable => 8,
        }
    }
}
