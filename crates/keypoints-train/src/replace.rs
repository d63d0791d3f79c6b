//! The same settings with another part, and what has to go along with it.

use keypoints_models::{BuildNetwork, NetworkConfig};

use crate::config::TrainConfig;
use crate::loss::LossConfig;
use crate::optimizer::OptimizerConfig;

/// What Muon takes as a learning rate where Adam takes 1, on networks of nothing but convolutions: the recipe `fast` takes 0.02, and took
/// 3e-3 with AdamW. Where there are linear layers, Adam steps them at the same rate, and it has to be Adam's: four epochs
/// of a narrow `SimpleCnn` on the real files came to 3.05 pixels with Muon at 0.02 and 2.79 at 3e-3, and with AdamW to 3.89 and 2.99.
const MUON_RATE: f64 = 20.0 / 3.0;

impl TrainConfig {
    /// The same settings for another network. Where it draws no heat maps, a loss on heat maps gives way to smooth-L1, and Muon's
    /// learning rate is divided by 20/3.
    ///
    /// ```
    /// use keypoints_models::NetworkConfig;
    /// use keypoints_train::{LossConfig, TrainConfig};
    ///
    /// let fast = TrainConfig::preset("fast").unwrap_or_default();
    /// let config = fast.with_network(NetworkConfig::by_name("simple_cnn")?);
    /// assert_eq!(config.loss, LossConfig::SmoothL1 { beta: 2.0 });
    /// # Ok::<(), keypoints_models::ModelError>(())
    /// ```
    #[must_use]
    pub fn with_network(mut self, network: NetworkConfig) -> Self {
        let before = self.rate_scale();
        self.network = network;
        if self.loss.needs_heat_maps() && !self.network.answers_in_places() {
            self.loss = LossConfig::SmoothL1 { beta: 2.0 };
        }
        self.with_rate_scaled_from(before)
    }

    /// The same settings with another optimizer. Where the network draws heat maps, the learning rate goes along: Muon's is 20/3
    /// of Adam's, since its steps move the weights of a convolution less.
    ///
    /// ```
    /// use keypoints_train::{OptimizerConfig, TrainConfig};
    ///
    /// let fast = TrainConfig::preset("fast").unwrap_or_default();
    /// assert_eq!(fast.learning_rate, 0.02);
    /// assert!((fast.with_optimizer(OptimizerConfig::adam_w()).learning_rate - 0.003).abs() < 1e-9);
    /// ```
    #[must_use]
    pub fn with_optimizer(mut self, optimizer: OptimizerConfig) -> Self {
        let before = self.rate_scale();
        self.optimizer = optimizer;
        self.with_rate_scaled_from(before)
    }

    /// Takes the rate and the loss of settings that these were made from along to the network and the optimizer of these, except what was
    /// `said`: `learning_rate`, `loss`.
    ///
    /// ```
    /// use keypoints_train::{OptimizerConfig, TrainConfig};
    ///
    /// let fast = TrainConfig::preset("fast").unwrap_or_default();
    /// let mut config = TrainConfig { optimizer: OptimizerConfig::adam_w(), ..fast.clone() };
    /// config.take_along(&fast, |field| field == "learning_rate");
    /// assert_eq!(config.learning_rate, 0.02);
    /// config.take_along(&fast, |_| false);
    /// assert!((config.learning_rate - 0.003).abs() < 1e-9);
    /// ```
    pub fn take_along(&mut self, from: &Self, said: impl Fn(&str) -> bool) {
        let along = from.clone().with_network(self.network.clone()).with_optimizer(self.optimizer);
        if !said("learning_rate") {
            self.learning_rate = along.learning_rate;
        }
        if !said("loss") {
            self.loss = along.loss;
        }
    }

    /// What Adam's learning rate is multiplied with.
    fn rate_scale(&self) -> f64 {
        let muon = matches!(self.optimizer, OptimizerConfig::Muon { .. });
        if muon && self.network.answers_in_places() { MUON_RATE } else { 1.0 }
    }

    fn with_rate_scaled_from(mut self, before: f64) -> Self {
        let now = self.rate_scale();
        // A rate that stays is not divided and multiplied: it would not be the same to the bit.
        if now != before {
            self.learning_rate *= now / before;
        }
        self
    }
}

#[cfg(test)]
mod tests;
