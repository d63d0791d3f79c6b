//! One row of a submission.

/// A row of a submission: the place of one requested coordinate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Answer {
    /// `RowId` of the request.
    pub row_id: u32,
    /// The coordinate in pixels of the 96×96 image.
    pub location: f32,
}
