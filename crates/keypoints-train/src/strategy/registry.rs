//! All strategies by name.

use keypoints_data::FaceDataset;
use keypoints_data::impute::ImputerConfig;
use serde::{Deserialize, Serialize};

use super::{Answers, DropIncomplete, Impute, Masked, PseudoLabels, Strategy, Trainer, TwoModels};
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
    /// A network for either label regime.
    "two_models" => TwoModels;
    /// Train on all rows; what nobody marked does not count.
    "masked" => Masked;
}

impl StrategyConfig {
    /// Every name that [`StrategyConfig::by_name`] knows: the strategies, and the imputers in the place of `impute`.
    ///
    /// ```
    /// use keypoints_train::strategy::StrategyConfig;
    ///
    /// assert!(StrategyConfig::names().contains(&"masked"));
    /// assert!(StrategyConfig::names().contains(&"forward_fill"));
    /// ```
    pub fn names() -> Vec<&'static str> {
        let expand = |&name: &&'static str| match name {
            "impute" => ImputerConfig::NAMES.to_vec(),
            name => vec![name],
        };
        Self::REGISTERED.iter().flat_map(expand).collect()
    }

    /// The strategy of that name with its default settings, if there is one. The name of an imputer stands for [`Impute`] with it.
    pub fn by_name(name: &str) -> Option<Self> {
        let impute = || Some(Self::Impute(Impute { imputer: ImputerConfig::by_name(name)? }));
        Self::registered(name).or_else(impute)
    }

    /// The name; of [`Impute`], its imputer's.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Impute(impute) => impute.imputer.name(),
            other => other.registered_name(),
        }
    }
}

impl Strategy for StrategyConfig {
    fn train(
        &self,
        faces: &FaceDataset,
        rows: &[usize],
        trainer: &mut dyn Trainer,
    ) -> Result<Answers, TrainError> {
        self.inner().train(faces, rows, trainer)
    }
}
