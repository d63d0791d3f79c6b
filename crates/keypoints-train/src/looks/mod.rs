//! How often a face is looked at when it is answered: test-time averaging.

mod averaged;
mod moved;

pub use averaged::average_flipped;
pub(crate) use averaged::{average_flipped_outputs, mirrored_columns};
pub use moved::average_moved;
pub(crate) use moved::average_moved_outputs;

use burn::tensor::{Device, Tensor, TensorData};
use serde::{Deserialize, Serialize};

/// What a face is looked at for an answer, which is the mean of them all (test-time averaging).
///
/// ```
/// use keypoints_train::looks::Looks;
///
/// let looks = Looks::of_count(10).ok_or("10 is one of them")?;
/// assert_eq!((looks.flip_average, looks.shift_average, looks.count()), (true, 2, 10));
/// assert_eq!(Looks::of_count(3), None);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Looks {
    /// In a mirror, too, as [`TrainConfig::flip_average`](crate::TrainConfig::flip_average) has it.
    pub flip_average: bool,
    /// At five places so many pixels apart, or at one (0), as [`TrainConfig::shift_average`](crate::TrainConfig::shift_average) has it.
    pub shift_average: usize,
}

impl Looks {
    /// The numbers of looks that [`Looks::of_count`] knows.
    pub const COUNTS: [usize; 4] = [1, 2, 5, 10];

    /// So many looks: one, one and the mirror, five places 2 pixels apart (half a cell of the compact network's heat maps),
    /// or those and their mirrors.
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

    /// How many they are.
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
        for count in Looks::COUNTS {
            assert_eq!(Looks::of_count(count).unwrap().count(), count);
        }
    }
}
