//! What the numbers that a network answers with stand for.

use keypoints_data::{Coordinate, CoordinateScale, LabelRegime, Labels};

use crate::strategy::Heads;

/// What the outputs of a network stand for, in order: the coordinates of the first [head](Heads), then those of the
/// second if there is one.
///
/// ```
/// use keypoints_data::{CoordinateScale, Keypoint, LabelRegime, Labels};
/// use keypoints_train::Outputs;
/// use keypoints_train::strategy::Heads;
///
/// let coordinates = [Keypoint::NoseTip.x(), Keypoint::MouthLeftCorner.x()];
/// let scale = CoordinateScale::PIXELS;
/// let outputs = Outputs { coordinates: &coordinates, heads: Heads::PerRegime, scale };
/// assert_eq!(outputs.len(), 4);
///
/// // A label teaches the outputs of its own regime.
/// let labels: Labels = [(Keypoint::NoseTip.x(), 47.0)].into_iter().collect();
/// let taught: Vec<_> = outputs.targets(LabelRegime::FourPoint, &labels).collect();
/// assert_eq!(taught, [None, None, Some(47.0), None]);
///
/// // Nobody teaches the fourth output: the second answers in its place.
/// let face = outputs.read(LabelRegime::FourPoint, &[1.0, 2.0, 3.0, 4.0]);
/// assert_eq!(face.get(Keypoint::NoseTip.x()), Some(3.0));
/// assert_eq!(face.get(Keypoint::MouthLeftCorner.x()), Some(2.0));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outputs<'a> {
    /// The coordinates, once, however many heads there are.
    pub coordinates: &'a [Coordinate],
    /// One set of outputs or one per regime.
    pub heads: Heads,
    /// What the numbers mean.
    pub scale: CoordinateScale,
}

impl Outputs<'_> {
    /// How many outputs there are.
    pub fn len(&self) -> usize {
        self.coordinates.len() * self.heads.count()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.coordinates.is_empty()
    }

    /// What each output has to reach on a face of that regime, in network units; `None` where the face teaches it
    /// nothing.
    pub fn targets(
        &self,
        regime: LabelRegime,
        labels: &Labels,
    ) -> impl Iterator<Item = Option<f32>> {
        let taught = self.heads.taught_by(regime);
        let scale = self.scale;
        (0..self.heads.count()).flat_map(move |head| {
            self.coordinates.iter().map(move |&one| {
                let label = labels.get(one).filter(|_| head == taught);
                label.map(|value| scale.normalize(value))
            })
        })
    }

    /// What a network says of one face as the annotators of that regime mark points, in pixels. `row` has
    /// [`Outputs::len`] values.
    ///
    /// # Panics
    /// If it has fewer, as slices do.
    pub fn read(&self, regime: LabelRegime, row: &[f32]) -> Labels {
        let value = |(index, &one): (usize, &Coordinate)| {
            let head = self.heads.answering(regime, one);
            (one, self.scale.denormalize(row[head * self.coordinates.len() + index]))
        };
        self.coordinates.iter().enumerate().map(value).collect()
    }
}
