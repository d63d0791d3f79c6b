//! What is done about labels that lie beside what they mark.

use keypoints_core::{Dataset, LabelShifts, Named};
use serde::{Deserialize, Serialize};

use crate::error::TrainError;

/// Whether labels are moved onto the picture before a network learns from them, and its predictions back: see [`LabelShifts`].
///
/// Flip augmentation turns a constant offset of +d into −d, so a network that sees flips learns 0 and is off by d on every
/// picture: on the competition's files, 1.2 pixels beside every label of a four-point face.
///
/// ```
/// use keypoints_train::{LabelShift, TrainConfig};
///
/// let text = r#"{ "label_shift": { "given": { "four_point": 1.2 } } }"#;
/// let config = TrainConfig::from_json(text)?;
/// assert!(matches!(config.label_shift, LabelShift::Given(shifts) if shifts.get("four_point") == Some(&1.2)));
/// let config = TrainConfig::from_json(r#"{ "label_shift": "measured" }"#)?;
/// assert_eq!(config.label_shift, LabelShift::Measured);
/// # Ok::<(), keypoints_train::settings::SettingsError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabelShift {
    /// Labels are taken to lie where they say.
    #[default]
    None,
    /// The shift of each source is measured on the training rows.
    Measured,
    /// The shifts in pixels, by the names of the label sources; 0 for those that are left out.
    Given(Named<f32>),
}

impl LabelShift {
    /// The shifts for a run that may learn from these rows.
    pub(crate) fn on(&self, dataset: &Dataset, rows: &[usize]) -> Result<LabelShifts, TrainError> {
        let schema = dataset.schema();
        match self {
            Self::None => Ok(LabelShifts::default()),
            Self::Measured => Ok(LabelShifts::measure(dataset, rows.iter().copied())),
            Self::Given(shifts) => {
                let mut pixels = vec![0.0; schema.sources().len()];
                for (name, &shift) in shifts.iter() {
                    let Some(source) = schema.source_named(name) else {
                        return Err(TrainError::InvalidConfig {
                            field: "label_shift",
                            expected: "by the names of the dataset's label sources",
                            found: format!(
                                "`{name}`, which schema `{}` does not have",
                                schema.name()
                            ),
                        });
                    };
                    pixels[source.index()] = shift;
                }
                Ok(LabelShifts::new(pixels))
            }
        }
    }

    pub(crate) fn check(&self) -> Result<(), TrainError> {
        let Self::Given(shifts) = self else { return Ok(()) };
        match shifts.iter().find(|(_, shift)| !(-48.0..=48.0).contains(*shift)) {
            Some((_, shift)) => Err(TrainError::InvalidConfig {
                field: "label_shift",
                expected: "at most 48 pixels to either side",
                found: shift.to_string(),
            }),
            None => Ok(()),
        }
    }
}
