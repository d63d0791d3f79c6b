//! What the numbers that a network returns stand for.

use keypoints_core::{Coordinate, CoordinateScale, Labels, Schema, Source};

use crate::heads::Heads;

/// What the outputs of a network stand for, in order: the coordinates of the first [head](Heads), then those of the
/// next if there is one.
///
/// ```
/// use keypoints_core::{CoordinateScale, Labels, Schema, kaggle15};
/// use keypoints_predict::{Heads, Outputs};
///
/// let coordinates = [kaggle15::NOSE_TIP.x(), kaggle15::MOUTH_LEFT_CORNER.x()];
/// let (schema, scale) = (Schema::kaggle15(), CoordinateScale::PIXELS);
/// let outputs = Outputs { schema: &schema, coordinates: &coordinates, heads: Heads::PerSource, scale };
/// assert_eq!(outputs.len(), 4);
///
/// // A label teaches the outputs of its own source.
/// let labels: Labels = [(kaggle15::NOSE_TIP.x(), 47.0)].into_iter().collect();
/// let taught: Vec<_> = outputs.targets(kaggle15::FOUR_POINT, &labels).collect();
/// assert_eq!(taught, [None, None, Some(47.0), None]);
///
/// // No row teaches the fourth output: the second predicts that coordinate.
/// let face = outputs.read(kaggle15::FOUR_POINT, &[1.0, 2.0, 3.0, 4.0]);
/// assert_eq!(face.get(kaggle15::NOSE_TIP.x()), Some(3.0));
/// assert_eq!(face.get(kaggle15::MOUTH_LEFT_CORNER.x()), Some(2.0));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outputs<'a> {
    /// What the coordinates mean.
    pub schema: &'a Schema,
    /// The coordinates, once, however many heads there are.
    pub coordinates: &'a [Coordinate],
    /// One set of outputs or one per label source.
    pub heads: Heads,
    /// What the numbers mean.
    pub scale: CoordinateScale,
}

impl Outputs<'_> {
    /// How many outputs there are.
    pub fn len(&self) -> usize {
        self.coordinates.len() * self.heads()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.coordinates.is_empty()
    }

    /// How many heads there are.
    pub(crate) fn heads(&self) -> usize {
        self.heads.count(self.schema)
    }

    /// What each output has to reach on a row of that source, in network units; `None` where the row teaches it
    /// nothing.
    pub fn targets(&self, source: Source, labels: &Labels) -> impl Iterator<Item = Option<f32>> {
        let taught = self.heads.taught_by(source);
        let scale = self.scale;
        (0..self.heads()).flat_map(move |head| {
            self.coordinates.iter().map(move |&one| {
                let label = labels.get(one).filter(|_| head == taught);
                label.map(|value| scale.normalize(value))
            })
        })
    }

    /// Reads the outputs for one picture as that source marks points, in pixels. `row` has [`Outputs::len`] values.
    ///
    /// # Panics
    /// If it has fewer, as slices do.
    pub fn read(&self, source: Source, row: &[f32]) -> Labels {
        let value = |(index, &one): (usize, &Coordinate)| {
            let head = self.heads.predicting(self.schema, source, one);
            (one, self.scale.denormalize(row[head * self.coordinates.len() + index]))
        };
        self.coordinates.iter().enumerate().map(value).collect()
    }
}
