//! What is done about labels that lie beside what they mark.

use keypoints_data::{FaceDataset, LabelShifts};
use serde::{Deserialize, Serialize};

use crate::error::TrainError;

/// Whether labels are moved onto the picture before a network learns from them, and its answers back: see [`LabelShifts`].
///
/// Without it, a network that sees mirrored faces too answers in the middle between labels and their mirror images: on the
/// competition's files, 1.2 pixels beside every label of a four-point face.
///
/// ```
/// use keypoints_train::{LabelShift, TrainConfig};
///
/// let text = r#"{ "label_shift": { "given": { "four_point": 1.2 } } }"#;
/// let config = TrainConfig::from_json(text)?;
/// assert!(matches!(config.label_shift, LabelShift::Given(shifts) if shifts.four_point == 1.2));
/// let config = TrainConfig::from_json(r#"{ "label_shift": "measured" }"#)?;
/// assert_eq!(config.label_shift, LabelShift::Measured);
/// # Ok::<(), keypoints_train::settings::SettingsError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabelShift {
    /// Labels are taken to lie where they say.
    #[default]
    None,
    /// The shift of either regime is measured on the training rows.
    Measured,
    /// It is known.
    Given(LabelShifts),
}

impl LabelShift {
    /// The shifts for a run that may learn from these rows.
    pub(crate) fn on(self, faces: &FaceDataset, rows: &[usize]) -> LabelShifts {
        match self {
            Self::None => LabelShifts::default(),
            Self::Measured => LabelShifts::measure(faces, rows.iter().copied()),
            Self::Given(shifts) => shifts,
        }
    }

    pub(crate) fn check(self) -> Result<(), TrainError> {
        let Self::Given(LabelShifts { full, four_point }) = self else { return Ok(()) };
        match [full, four_point].into_iter().find(|shift| !(-48.0..=48.0).contains(shift)) {
            Some(shift) => Err(TrainError::InvalidConfig {
                field: "label_shift",
                expected: "at most 48 pixels to either side",
                found: shift.to_string(),
            }),
            None => Ok(()),
        }
    }
}
