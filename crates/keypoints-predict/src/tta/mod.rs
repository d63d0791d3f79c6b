//! Test-time augmentation: the prediction for a picture is the mean over several versions of it.

mod averaged;
mod moved;
mod per_axis;

pub(crate) use averaged::average_flipped;
pub use averaged::mirrored_columns;
pub use moved::LARGEST_SHIFT;
pub(crate) use moved::average_moved;
#[cfg(feature = "onnx")]
pub(crate) use moved::{PLACES, moved};

use serde::{Deserialize, Serialize};

/// Which versions of a picture the network sees; the prediction is the mean of them all.
///
/// ```
/// use keypoints_predict::TestTimeAugmentation;
///
/// let tta = TestTimeAugmentation::of_count(10).ok_or("10 is one of them")?;
/// assert_eq!((tta.flip_average, tta.shift_average, tta.count()), (true, 2, 10));
/// assert_eq!(TestTimeAugmentation::of_count(3), None);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestTimeAugmentation {
    /// Whether the mirror image counts too.
    pub flip_average: bool,
    /// How many pixels of the picture the five places are apart; 0 for one place.
    pub shift_average: usize,
}

impl TestTimeAugmentation {
    /// The numbers of versions that [`TestTimeAugmentation::of_count`] knows.
    pub const COUNTS: [usize; 4] = [1, 2, 5, 10];

    /// So many versions: one, one and its mirror image, five places 2 pixels apart (half a cell of the compact network's heat maps),
    /// or those and their mirror images.
    pub fn of_count(count: usize) -> Option<Self> {
        let (flip_average, shift_average) = match count {
            1 => (false, 0),
            2 => (true, 0),
            5 => (false, 2),
            10 => (true, 2),
            _ => return None,
        };
        Some(Self { flip_average, shift_average })
    }

    /// The number of versions.
    pub fn count(self) -> usize {
        let places = if self.shift_average == 0 { 1 } else { 5 };
        if self.flip_average { 2 * places } else { places }
    }
}

#[cfg(test)]
mod tests;
