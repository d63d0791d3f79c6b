//! How exactly a training multiplies.

use serde::{Deserialize, Serialize};

/// What the factors of convolutions are rounded to while a network learns. Sums are `f32` either way, and so is
/// everything else.
///
/// ```
/// use keypoints_train::{Precision, TrainConfig};
///
/// let config: TrainConfig = serde_json::from_str(r#"{ "precision": "bf16" }"#)?;
/// assert_eq!(config.precision, Precision::Bf16);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// Not at all.
    #[default]
    F32,
    /// To bf16, 8 bits of mantissa, on CPUs with Intel's AMX, where some networks gain a little by it (`benches/README.md`).
    /// Other CPUs and GPUs multiply in `f32`: a run then comes out differently there, by more than the rounding of other instructions.
    Bf16,
}

impl Precision {
    /// Runs a forward pass. Its gradients are computed the same way.
    pub(crate) fn run<T>(self, forward: impl FnOnce() -> T) -> T {
        let precision = match self {
            Self::F32 => keypoints_kernels::Precision::F32,
            Self::Bf16 => keypoints_kernels::Precision::Bf16,
        };
        keypoints_kernels::with_precision(precision, forward)
    }
}
