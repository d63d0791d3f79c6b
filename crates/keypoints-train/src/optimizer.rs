//! Which optimizer, and its settings.

use burn::optim::decay::WeightDecayConfig;
use burn::optim::{AdamConfig, AdamW, AdamWConfig, ModuleOptimizer};
use serde::{Deserialize, Serialize};

use crate::error::TrainError;
use crate::fused_adam::Fused;
use crate::muon::ConvMuon;

/// An optimizer with PyTorch's defaults (Burn's own epsilon is 1e-5, a thousand times PyTorch's).
///
/// ```
/// use keypoints_train::OptimizerConfig;
///
/// let adam: OptimizerConfig = serde_json::from_str(r#"{ "kind": "adam", "beta_1": 0.5 }"#)?;
/// let _optimizer = adam.init();
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum OptimizerConfig {
    /// Adam (Kingma and Ba, 2015); the notebook's choice.
    Adam {
        /// Decay of the mean gradient.
        #[serde(default = "beta_1")]
        beta_1: f32,
        /// Decay of the mean squared gradient.
        #[serde(default = "beta_2")]
        beta_2: f32,
        /// Added to the root of the mean squared gradient.
        #[serde(default = "epsilon")]
        epsilon: f32,
        /// L2 penalty, added to the gradient.
        #[serde(default)]
        weight_decay: f32,
    },
    /// Adam with weight decay apart from the gradient (Loshchilov and Hutter, 2019).
    AdamW {
        /// Decay of the mean gradient.
        #[serde(default = "beta_1")]
        beta_1: f32,
        /// Decay of the mean squared gradient.
        #[serde(default = "beta_2")]
        beta_2: f32,
        /// Added to the root of the mean squared gradient.
        #[serde(default = "epsilon")]
        epsilon: f32,
        /// Shrinks every weight by `learning rate × weight_decay` per step.
        #[serde(default = "weight_decay")]
        weight_decay: f32,
    },
    /// Orthogonal steps for the weights of convolutions, as matrices of a row per output channel (Jordan et al., 2024);
    /// AdamW for all else, at the same rate. A step moves the weights of a convolution by 0.2 times the learning rate (root mean square; Liu et
    /// al., 2025), or less where the gradient has a low rank, and AdamW's first steps are as large as the rate: a
    /// network of convolutions wants several times AdamW's rate, one with linear layers does not.
    Muon {
        /// How much of the last step's velocity goes on, for convolutions.
        #[serde(default = "momentum")]
        momentum: f32,
        /// AdamW's decay of the mean gradient.
        #[serde(default = "beta_1")]
        beta_1: f32,
        /// AdamW's decay of the mean squared gradient.
        #[serde(default = "beta_2")]
        beta_2: f32,
        /// AdamW's, added to the root of the mean squared gradient.
        #[serde(default = "epsilon")]
        epsilon: f32,
        /// Shrinks every weight by `learning rate × weight_decay` per step.
        #[serde(default = "weight_decay")]
        weight_decay: f32,
    },
}

fn momentum() -> f32 {
    0.95
}
fn beta_1() -> f32 {
    0.9
}
fn beta_2() -> f32 {
    0.999
}
fn epsilon() -> f32 {
    1e-8
}
fn weight_decay() -> f32 {
    1e-2
}

impl OptimizerConfig {
    /// The names that [`OptimizerConfig::by_name`] knows.
    pub const NAMES: [&'static str; 3] = ["adam", "adam_w", "muon"];

    /// The optimizer of that name, with its defaults; `adamw` is one too.
    ///
    /// ```
    /// use keypoints_train::OptimizerConfig;
    ///
    /// assert_eq!(OptimizerConfig::by_name("adam_w"), Some(OptimizerConfig::adam_w()));
    /// assert_eq!(OptimizerConfig::by_name("sgd"), None);
    /// ```
    pub fn by_name(name: &str) -> Option<Self> {
        match name {
            "adam" => Some(Self::adam()),
            "adam_w" | "adamw" => Some(Self::adam_w()),
            "muon" => Some(Self::muon()),
            _ => None,
        }
    }

    /// The optimizer of that name: this one where it is of that kind, else one with its defaults and, between AdamW and Muon, with this
    /// one's weight decay.
    ///
    /// ```
    /// use keypoints_train::OptimizerConfig;
    ///
    /// let muon = OptimizerConfig::muon().with_weight_decay(0.05);
    /// assert_eq!(muon.turned_into("muon"), Some(muon));
    /// let wanted = OptimizerConfig::adam_w().with_weight_decay(0.05);
    /// assert_eq!(muon.turned_into("adam_w"), Some(wanted));
    /// assert_eq!(muon.turned_into("adam"), Some(OptimizerConfig::adam()));
    /// assert_eq!(muon.turned_into("sgd"), None);
    /// ```
    pub fn turned_into(&self, name: &str) -> Option<Self> {
        use OptimizerConfig::{AdamW, Muon};
        let new = Self::by_name(name)?;
        Some(match (*self, new) {
            (old, new) if std::mem::discriminant(&old) == std::mem::discriminant(&new) => old,
            (AdamW { weight_decay, .. }, Muon { .. })
            | (Muon { weight_decay, .. }, AdamW { .. }) => new.with_weight_decay(weight_decay),
            (_, new) => new,
        })
    }

    /// Adam with PyTorch's defaults.
    pub fn adam() -> Self {
        Self::Adam { beta_1: beta_1(), beta_2: beta_2(), epsilon: epsilon(), weight_decay: 0.0 }
    }

    /// AdamW with PyTorch's defaults.
    pub fn adam_w() -> Self {
        Self::AdamW {
            beta_1: beta_1(),
            beta_2: beta_2(),
            epsilon: epsilon(),
            weight_decay: weight_decay(),
        }
    }

    /// Muon with its authors' momentum, and PyTorch's defaults for AdamW.
    pub fn muon() -> Self {
        Self::Muon {
            momentum: momentum(),
            beta_1: beta_1(),
            beta_2: beta_2(),
            epsilon: epsilon(),
            weight_decay: weight_decay(),
        }
    }

    /// Refuses numbers without a sensible step.
    pub(crate) fn check(&self) -> Result<(), TrainError> {
        let invalid = |field, expected, found: f32| {
            Err(TrainError::InvalidConfig { field, expected, found: found.to_string() })
        };
        let (Self::Adam { beta_1, beta_2, epsilon, weight_decay }
        | Self::AdamW { beta_1, beta_2, epsilon, weight_decay }
        | Self::Muon { beta_1, beta_2, epsilon, weight_decay, .. }) = *self;
        let momentum = if let Self::Muon { momentum, .. } = *self { momentum } else { 0.0 };
        let shares = [
            ("optimizer.beta_1", beta_1),
            ("optimizer.beta_2", beta_2),
            ("optimizer.momentum", momentum),
        ];
        for (field, share) in shares {
            if !(0.0..1.0).contains(&share) {
                return invalid(field, "in 0..1", share);
            }
        }
        if !(epsilon.is_finite() && epsilon > 0.0) {
            return invalid("optimizer.epsilon", "a positive number", epsilon);
        }
        if !(weight_decay.is_finite() && weight_decay >= 0.0) {
            return invalid("optimizer.weight_decay", "0 or a positive number", weight_decay);
        }
        Ok(())
    }

    /// The same optimizer with another weight decay.
    #[must_use]
    pub fn with_weight_decay(mut self, decay: f32) -> Self {
        match &mut self {
            Self::Adam { weight_decay, .. }
            | Self::AdamW { weight_decay, .. }
            | Self::Muon { weight_decay, .. } => {
                *weight_decay = decay;
            }
        }
        self
    }

    /// Makes the optimizer: Burn's, whose steps on the CPU take one pass over memory instead of ten.
    pub fn init(&self) -> ModuleOptimizer {
        match *self {
            Self::Adam { beta_1, beta_2, epsilon, weight_decay } => {
                let burn = AdamConfig::new()
                    .with_beta_1(beta_1)
                    .with_beta_2(beta_2)
                    .with_epsilon(epsilon)
                    .with_weight_decay(
                        (weight_decay > 0.0).then(|| WeightDecayConfig::new(weight_decay)),
                    )
                    .build();
                let penalty = weight_decay.max(0.0);
                Fused { burn, beta_1, beta_2, epsilon, penalty, decay: 0.0 }.into()
            }
            Self::AdamW { beta_1, beta_2, epsilon, weight_decay } => {
                fused_adam_w(beta_1, beta_2, epsilon, weight_decay).into()
            }
            Self::Muon { momentum, beta_1, beta_2, epsilon, weight_decay } => {
                let others = fused_adam_w(beta_1, beta_2, epsilon, weight_decay);
                ConvMuon::new(momentum, weight_decay, others).into()
            }
        }
    }
}

/// AdamW whose steps on the CPU are ours.
pub(crate) fn fused_adam_w(
    beta_1: f32,
    beta_2: f32,
    epsilon: f32,
    weight_decay: f32,
) -> Fused<AdamW> {
    let burn = AdamWConfig::new()
        .with_beta_1(beta_1)
        .with_beta_2(beta_2)
        .with_epsilon(epsilon)
        .with_weight_decay(weight_decay)
        .build();
    Fused { burn, beta_1, beta_2, epsilon, penalty: 0.0, decay: weight_decay }
}
