//! Who labelled a row.

use crate::kaggle15;
use crate::keypoint::Keypoint;

/// A label source: its place in the list of its [`Schema`](crate::Schema), counted from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Source(u8);

impl Source {
    /// The source at this place of a schema's list.
    pub const fn new(index: u8) -> Self {
        Self(index)
    }

    /// Its place in the list, counted from 0.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// People or a program that labelled rows by one guideline: which points it marks, and its share of the score.
///
/// Two sources may mark the *same* point at different places, so a network has to know which of them it imitates.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelSource {
    name: String,
    /// `None` marks every point.
    marks: Option<Vec<Keypoint>>,
    weight: Option<f64>,
}

impl LabelSource {
    /// The source of a dataset that names none: it marks every point.
    pub const UNNAMED: &'static str = "all";

    pub(super) fn new(name: String, marks: Option<Vec<Keypoint>>, weight: Option<f64>) -> Self {
        Self { name, marks, weight }
    }

    /// What the source is called, in reports and files.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the source is called beside pictures: its name in words, or what tells its rows apart where the data has no name for them.
    pub fn title(&self) -> String {
        kaggle15::source_title(&self.name)
            .map_or_else(|| self.name.replace('_', " "), str::to_owned)
    }

    /// Whether rows of this source may have a label for that point.
    pub fn marks(&self, keypoint: Keypoint) -> bool {
        self.marks.as_ref().is_none_or(|marks| marks.contains(&keypoint))
    }

    /// The points that it marks; `None` for all of them.
    pub fn marked(&self) -> Option<&[Keypoint]> {
        self.marks.as_deref()
    }

    /// Its share of the weighted error, above 0 and at most 1.
    pub fn weight(&self) -> Option<f64> {
        self.weight
    }
}
