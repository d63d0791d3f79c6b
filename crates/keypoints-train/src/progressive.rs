//! Small pictures first.

use keypoints_data::IMAGE_SIDE;
use keypoints_models::{KeypointNetwork, Network};
use serde::{Deserialize, Serialize};

use crate::error::TrainError;

/// The first epochs look at pictures of half the side or less, each of which costs a quarter or less; the rest brings what was
/// learned to full size.
///
/// For networks without a layer that fits one size only: heat maps, or maps that are averaged. Validation is at full size
/// throughout.
///
/// Source: Tan and Le, "EfficientNetV2: Smaller Models and Faster Training" (2021), who also let the augmentation grow.
///
/// ```
/// use keypoints_train::TrainConfig;
///
/// let text = r#"{ "progressive": { "side": 48, "share": 0.5 } }"#;
/// assert_eq!(TrainConfig::from_json(text)?.progressive.map(|one| one.side), Some(48));
/// # Ok::<(), keypoints_train::sweep::SweepError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Progressive {
    /// The small side: 48, say.
    pub side: usize,
    /// Which share of the epochs is trained at it, above 0 and below 1; rounded to whole epochs.
    pub share: f64,
}

impl Progressive {
    pub(crate) fn check(&self) -> Result<(), TrainError> {
        let invalid =
            |field, expected, found| Err(TrainError::InvalidConfig { field, expected, found });
        if self.side == 0 || self.side >= IMAGE_SIDE || !IMAGE_SIDE.is_multiple_of(self.side) {
            return invalid("progressive.side", "a divisor of 96 below it", self.side.to_string());
        }
        if !(self.share > 0.0 && self.share < 1.0) {
            return invalid("progressive.share", "above 0 and below 1", self.share.to_string());
        }
        Ok(())
    }

    /// Lets the network look at what an epoch (counted from 1) of `epochs` looks at; `full` is its own size.
    pub(crate) fn set(
        &self,
        network: &mut Network,
        full: usize,
        epoch: usize,
        epochs: usize,
    ) -> Result<(), TrainError> {
        // The last one is at full size, whatever rounding says.
        let small = epoch < epochs && epoch as f64 <= (self.share * epochs as f64).round();
        match network.set_image_side(if small { self.side } else { full }) {
            true => Ok(()),
            false => Err(TrainError::InvalidConfig {
                field: "progressive",
                expected: "null, or a side that the network can work at",
                found: format!("a side of {}", self.side),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use keypoints_models::NetworkConfig;

    use super::*;
    use crate::config::TrainConfig;

    #[test]
    fn networks_that_cannot_shrink_are_refused_before_a_run_begins() {
        let refused = |network: &str, side| {
            let config =
                TrainConfig::default().with_network(NetworkConfig::by_name(network).unwrap());
            let progressive = Some(Progressive { side, share: 0.5 });
            TrainConfig { progressive, ..config }.check().is_err()
        };
        assert!(refused("simple_cnn", 48));
        assert!(!refused("compact", 48) && !refused("compact", 32) && refused("compact", 24));
        assert!(!refused("efficientnet_b0", 32) && refused("efficientnet_b0", 48));
    }
}
