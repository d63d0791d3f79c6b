//! All strategies by name.

use keypoints_core::Dataset;
use keypoints_data::impute::ImputerConfig;
use serde::{Deserialize, Serialize};

use super::*; // Every strategy.
use crate::error::TrainError;

macro_rules! strategies {
    ($($(#[$doc:meta])* $name:literal => $strategy:ident;)+) => {
        /// Which strategy, and its settings. In JSON the field `strategy` holds the name.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "strategy")]
        #[non_exhaustive]
        pub enum StrategyConfig {
            $($(#[$doc])* #[serde(rename = $name)] $strategy($strategy),)+
        }

        impl StrategyConfig {
            /// The strategy of that registered name with its default settings.
            fn registered(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$strategy(Default::default())),)+
                    _ => None,
                }
            }

            /// The registered names, in the order of registration.
            const REGISTERED: &'static [&'static str] = &[$($name),+];

            fn registered_name(&self) -> &'static str {
                match self {
                    $(Self::$strategy(_) => $name,)+
                }
            }

            fn inner(&self) -> &dyn Strategy {
                match self {
                    $(Self::$strategy(strategy) => strategy,)+
                }
            }
        }
    };
}

strategies! {
    /// Train on the complete rows alone.
    "drop_incomplete" => DropIncomplete;
    /// Fill the gaps first, then train on all rows.
    "impute" => Impute;
    /// Let the network fill the gaps, a tenth of the rows at a time.
    "pseudo_labels" => PseudoLabels;
    /// A network for either label source.
    "two_models" => TwoModels;
    /// Train on all rows; what nobody marked does not count.
    "masked" => Masked;
}

/// The name of [`Masked`] with a head per source.
const MASKED_TWO_HEAD: &str = "masked_two_head";

impl StrategyConfig {
    /// Every name that [`StrategyConfig::by_name`] knows: the strategies, the imputers in the place of `impute`, and
    /// `masked_two_head`.
    ///
    /// ```
    /// use keypoints_train::strategy::{Masked, StrategyConfig};
    ///
    /// assert!(StrategyConfig::names().contains(&"masked"));
    /// assert!(StrategyConfig::names().contains(&"forward_fill"));
    /// let two_head = StrategyConfig::by_name("masked_two_head");
    /// assert_eq!(two_head, Some(StrategyConfig::Masked(Masked::TWO_HEAD)));
    /// ```
    pub fn names() -> Vec<&'static str> {
        let expand = |&name: &&'static str| match name {
            "impute" => ImputerConfig::NAMES.to_vec(),
            "masked" => vec!["masked", MASKED_TWO_HEAD],
            name => vec![name],
        };
        Self::REGISTERED.iter().flat_map(expand).collect()
    }

    /// The strategy of that name with its default settings, if there is one. The name of an imputer stands for [`Impute`] with it,
    /// `masked_two_head` for [`Masked`] with a head per source.
    pub fn by_name(name: &str) -> Option<Self> {
        if name == MASKED_TWO_HEAD {
            return Some(Self::Masked(Masked::TWO_HEAD));
        }
        let impute = || Some(Self::Impute(Impute { imputer: ImputerConfig::by_name(name)? }));
        Self::registered(name).or_else(impute)
    }

    /// The name; of [`Impute`], its imputer's, and of [`Masked`] with a head per source, `masked_two_head`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Masked(masked) if *masked == Masked::TWO_HEAD => MASKED_TWO_HEAD,
            Self::Impute(impute) => impute.imputer.name(),
            other => other.registered_name(),
        }
    }
}

impl Strategy for StrategyConfig {
    fn check(&self) -> Result<(), TrainError> {
        self.inner().check()
    }

    fn train(
        &self,
        faces: &Dataset,
        rows: &[usize],
        trainer: &mut dyn Trainer,
    ) -> Result<Answers, TrainError> {
        self.inner().train(faces, rows, trainer)
    }
}
