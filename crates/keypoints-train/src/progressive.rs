//! Small pictures first.

use keypoints_data::IMAGE_SIDE;
use keypoints_models::{KeypointNetwork, Network, NetworkConfig};
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
    /// Before a run is begun, not at its first epoch.
    pub(crate) fn check(&self, network: &NetworkConfig) -> Result<(), TrainError> {
        let invalid =
            |field, expected, found| Err(TrainError::InvalidConfig { field, expected, found });
        let settings = network.settings();
        if self.side >= settings.image_side() {
            let found = format!("{} of {}", self.side, settings.image_side());
            return invalid("progressive.side", "below the side that the network works at", found);
        }
        if !(settings.takes_side(self.side) && settings.scales(IMAGE_SIDE, self.side)) {
            let found = format!("{} for `{}`", self.side, network.name());
            return invalid("progressive.side", "one that the network can work at", found);
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
                field: "progressive.side",
                expected: "one that the network can work at",
                found: self.side.to_string(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use keypoints_models::compact::CompactConfig;
    use keypoints_models::efficientnet::EfficientNetConfig;

    use super::*;
    use crate::config::TrainConfig;

    fn refused(network: NetworkConfig, side: usize) -> bool {
        let progressive = Some(Progressive { side, share: 0.5 });
        TrainConfig { progressive, ..TrainConfig::default().with_network(network) }.check().is_err()
    }

    #[test]
    fn networks_that_cannot_shrink_are_refused_before_a_run_begins() {
        let refused = |name: &str, side| refused(NetworkConfig::by_name(name).unwrap(), side);
        assert!(refused("simple_cnn", 48));
        assert!(!refused("compact", 48) && !refused("compact", 32) && refused("compact", 24));
        assert!(refused("compact", 80), "96 is no multiple of it");
        assert!(!refused("efficientnet_b0", 32) && refused("efficientnet_b0", 48));
    }

    #[test]
    fn small_is_below_what_the_network_works_at() {
        let compact = CompactConfig { image_side: 48, ..Default::default() };
        let compact = NetworkConfig::CompactNet(compact);
        assert!(refused(compact.clone(), 48) && refused(compact.clone(), 96));
        assert!(!refused(compact, 16));
        let large = EfficientNetConfig { input_side: 224, ..Default::default() };
        let large = NetworkConfig::EfficientNet(large);
        assert!(!refused(large.clone(), 160) && refused(large, 224));
    }
}
