//! Test-time augmentation: the prediction for a face is the mean over several versions of it.

mod averaged;
mod moved;

pub use averaged::average_flipped;
pub(crate) use averaged::{average_flipped_outputs, mirrored_columns};
pub use moved::average_moved;
pub(crate) use moved::average_moved_outputs;

use burn::tensor::{Device, Tensor, TensorData};
use serde::{Deserialize, Serialize};

/// The largest [`TestTimeAugmentation::shift_average`], in pixels.
pub(crate) const MOST_APART: usize = 8;

/// Which versions of a face the network predicts; the prediction is the mean of them all.
///
/// ```
/// use keypoints_train::tta::TestTimeAugmentation;
///
/// let tta = TestTimeAugmentation::of_count(10).ok_or("10 is one of them")?;
/// assert_eq!((tta.flip_average, tta.shift_average, tta.count()), (true, 2, 10));
/// assert_eq!(TestTimeAugmentation::of_count(3), None);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestTimeAugmentation {
    /// Whether the mirror image counts too, as [`TrainConfig::flip_average`](crate::TrainConfig::flip_average) has it.
    pub flip_average: bool,
    /// How many pixels the five places are apart; 0 for one place. As [`TrainConfig::shift_average`](crate::TrainConfig::shift_average) has it.
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

/// A row of numbers as a tensor, `[1, numbers]`.
fn row(numbers: Vec<f32>, device: &Device) -> Tensor<2> {
    let shape = [1, numbers.len()];
    Tensor::from_data(TensorData::new(numbers, shape), device)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_as_were_asked_for() {
        for count in TestTimeAugmentation::COUNTS {
            assert_eq!(TestTimeAugmentation::of_count(count).unwrap().count(), count);
        }
    }
}
