//! All imputers by name.

use serde::{Deserialize, Serialize};

use super::*; // Every imputer.

macro_rules! imputers {
    ($($(#[$doc:meta])* $name:literal => $imputer:ident;)+) => {
        /// Which imputer, and its settings. In JSON the field `imputer` holds the name.
        ///
        /// ```
        /// use keypoints_data::impute::ImputerConfig;
        ///
        /// let config: ImputerConfig = serde_json::from_str(r#"{ "imputer": "nearest_rows", "neighbours": 9 }"#)?;
        /// assert_eq!(config.name(), "nearest_rows");
        /// assert_eq!(ImputerConfig::by_name("forward_fill"), Some(ImputerConfig::default()));
        /// # Ok::<(), serde_json::Error>(())
        /// ```
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "imputer")]
        #[non_exhaustive]
        pub enum ImputerConfig {
            $($(#[$doc])* #[serde(rename = $name)] $imputer($imputer),)+
        }

        impl ImputerConfig {
            /// The registered names.
            pub const NAMES: &'static [&'static str] = &[$($name),+];

            /// The imputer of that name with its default settings, if there is one.
            pub fn by_name(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$imputer(Default::default())),)+
                    _ => None,
                }
            }

            /// The registered name.
            pub fn name(&self) -> &'static str {
                match self {
                    $(Self::$imputer(_) => $name,)+
                }
            }
        }

        impl Imputer for ImputerConfig {
            fn fit(&self, rows: &Rows<'_>) -> Box<dyn FittedImputer> {
                match self {
                    $(Self::$imputer(imputer) => imputer.fit(rows),)+
                }
            }
        }
    };
}

imputers! {
    /// The value of the nearest row above that has one.
    "forward_fill" => ForwardFill;
    /// The mean of the column.
    "column_mean" => ColumnMean;
    /// The median of the column.
    "column_median" => ColumnMedian;
    /// The mean over the rows whose known points lie most alike.
    "nearest_rows" => NearestRows;
    /// A linear function of the row's known coordinates.
    "linear_fit" => LinearFit;
}

impl Default for ImputerConfig {
    fn default() -> Self {
        Self::ForwardFill(ForwardFill::default())
    }
}
