//! Ready recipes, by name.
//!
//! To add one, write one file with a function that returns its [`TrainConfig`] and add one line to `presets!` below.

mod best;
mod fast;
mod notebook;

use crate::config::TrainConfig;

macro_rules! presets {
    ($($name:literal => $recipe:path, $what:literal;)+) => {
        impl TrainConfig {
            /// The names of the recipes that [`TrainConfig::preset`] knows.
            pub const PRESETS: &'static [&'static str] = &[$($name),+];

            /// What each of them is, in a few words.
            pub const PRESET_NOTES: &'static [&'static str] = &[$($what),+];

            /// The recipe of that name, if there is one.
            ///
            /// | name | what it is |
            /// | --- | --- |
            #[doc = concat!($("| `", $name, "` | ", $what, " |\n",)+)]
            ///
            /// ```
            /// use keypoints_train::TrainConfig;
            ///
            /// let fast = TrainConfig::preset("fast").expect("a known name");
            /// assert_eq!(fast.network.name(), "compact");
            /// assert_eq!(TrainConfig::preset("notebook"), Some(TrainConfig::default()));
            /// assert_eq!(TrainConfig::preset("slow"), None);
            /// ```
            pub fn preset(name: &str) -> Option<Self> {
                match name {
                    $($name => Some($recipe()),)+
                    _ => None,
                }
            }
        }
    };
}

presets! {
    "fast" => fast::fast, "the compact network in minutes on a CPU; what `train` does unless told otherwise";
    "best" => best::best, "a wider one, with tenfold test-time augmentation: half an hour on a CPU";
    "notebook" => notebook::notebook, "the published notebook's network on complete rows; the defaults of [`TrainConfig`]";
}

#[cfg(test)]
mod tests;
