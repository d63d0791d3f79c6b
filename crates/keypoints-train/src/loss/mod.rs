//! The losses over labels that exist.

mod heat_map;
mod mse;
mod smooth_l1;
mod wing;

use burn::tensor::Tensor;
use keypoints_core::{CoordinateScale, PictureShape};
use keypoints_models::KeypointNetwork;
use keypoints_models::compact::heat_map_places;
use serde::{Deserialize, Serialize};

pub use heat_map::heat_map_kl;
pub use mse::masked_mse;
pub use smooth_l1::masked_smooth_l1;
pub use wing::masked_wing;

use crate::error::TrainError;

/// Which loss a network is trained with, and its settings: lengths in pixels of a picture with the
/// [reference side](keypoints_core::REFERENCE_SIDE).
///
/// Whatever the loss, training errors are reported as root mean squares in pixels.
///
/// ```
/// use keypoints_train::LossConfig;
///
/// let loss: LossConfig = serde_json::from_str(r#"{ "kind": "wing", "width": 5 }"#)?;
/// assert_eq!(loss, LossConfig::Wing { width: 5.0, epsilon: 2.0 });
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum LossConfig {
    /// The squared error: what the competition scores. Large errors, mislabelled faces among them, weigh most.
    #[default]
    Mse,
    /// Squared near the label, linear beyond: a wrong label pulls no harder than a bad one.
    SmoothL1 {
        /// Where the one becomes the other, in pixels.
        #[serde(default = "beta")]
        beta: f64,
    },
    /// Steepest near the label: small errors keep pulling after large ones are gone.
    Wing {
        /// Up to here the loss is a logarithm, beyond it is linear, in pixels; `w` in the paper.
        #[serde(default = "width")]
        width: f64,
        /// How sharp the middle is, in pixels: the smaller, the sharper.
        #[serde(default = "epsilon")]
        epsilon: f64,
    },
    /// The divergence of the heat maps from Gaussian targets around the labels; only of networks that draw heat maps. See
    /// [`heat_map_kl`].
    HeatMapKl {
        /// Standard deviation of the targets, in pixels.
        #[serde(default = "spread")]
        spread: f64,
    },
}

fn beta() -> f64 {
    1.0
}
fn width() -> f64 {
    10.0
}
fn epsilon() -> f64 {
    2.0
}
fn spread() -> f64 {
    3.0
}

impl LossConfig {
    /// The loss of a batch as a tensor of one number, in network units (of [`LossConfig::Mse`], their square).
    ///
    /// [`LossConfig::HeatMapKl`] is a loss on maps, not on numbers: here it is as [`LossConfig::Mse`].
    ///
    /// # Shapes
    /// As [`masked_mse`]. `scale` is what the numbers mean; the settings in pixels are brought to it.
    pub fn of(
        &self,
        output: Tensor<2>,
        targets: Tensor<2>,
        mask: Tensor<2>,
        scale: CoordinateScale,
    ) -> Tensor<1> {
        let units = |pixels: f64| pixels / f64::from(scale.scale).abs();
        match *self {
            Self::Mse | Self::HeatMapKl { .. } => masked_mse(output, targets, mask),
            Self::SmoothL1 { beta } => masked_smooth_l1(output, targets, mask, units(beta)),
            Self::Wing { width, epsilon } => {
                masked_wing(output, targets, mask, units(width), units(epsilon))
            }
        }
    }

    /// Its settings, each with its path in a config file. All are lengths in pixels.
    fn lengths(&mut self) -> Vec<(&'static str, &mut f64)> {
        match self {
            Self::Mse => vec![],
            Self::SmoothL1 { beta } => vec![("loss.beta", beta)],
            Self::Wing { width, epsilon } => vec![("loss.width", width), ("loss.epsilon", epsilon)],
            Self::HeatMapKl { spread } => vec![("loss.spread", spread)],
        }
    }

    /// The same loss with its lengths in pixels of pictures with this shape.
    pub(crate) fn for_pictures(mut self, shape: PictureShape) -> Self {
        for (_, length) in self.lengths() {
            *length = shape.pixels(*length);
        }
        self
    }

    /// Whether only a network with heat maps can be trained with it.
    pub(crate) fn needs_heat_maps(&self) -> bool {
        matches!(self, Self::HeatMapKl { .. })
    }

    /// What a network answers for a batch, in network units, and the loss of that.
    pub(crate) fn of_network(
        &self,
        network: &impl KeypointNetwork,
        images: Tensor<4>,
        targets: Tensor<2>,
        mask: Tensor<2>,
        scale: CoordinateScale,
    ) -> (Tensor<2>, Tensor<1>) {
        let side = images.dims()[3];
        // The config has been checked: where the loss needs maps, there are maps.
        if let Self::HeatMapKl { spread } = *self
            && let Some(maps) = network.heat_maps(images.clone())
        {
            let output = heat_map_places(maps.clone(), side);
            return (output, heat_map_kl(maps, targets, mask, spread, side));
        }
        let output = network.forward(images);
        let loss = self.of(output.clone(), targets, mask, scale);
        (output, loss)
    }

    /// Refuses settings that divide by zero.
    pub(crate) fn check(mut self) -> Result<(), TrainError> {
        let is_bad = |length: f64| !(length.is_finite() && length > 0.0);
        match self.lengths().into_iter().find(|(_, length)| is_bad(**length)) {
            Some((field, value)) => Err(TrainError::InvalidConfig {
                field,
                expected: "a positive number of pixels",
                found: value.to_string(),
            }),
            None => Ok(()),
        }
    }
}

/// The mean over the labels that exist; 0 where there is none.
fn masked_mean(values: Tensor<2>, mask: Tensor<2>) -> Tensor<1> {
    let labels = mask.clone().sum().clamp_min(1.0);
    (values * mask).sum() / labels
}

#[cfg(test)]
mod tests;
