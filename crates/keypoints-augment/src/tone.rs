//! What happens to the grey values of one face.

/// What one face's grey values go through. Grey is of white 1, places and lengths are in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Tone {
    /// Standard deviation of the blur.
    pub(super) blur: f64,
    /// Exponent.
    pub(super) gamma: f64,
    /// Factor on the distance from mid-grey.
    pub(super) contrast: f64,
    /// Added.
    pub(super) brightness: f64,
    /// Factor on noise of standard deviation 1, of either sign.
    pub(super) noise: f64,
    /// Where in the block of noise this face's begins, as a share of the places it may, `0..1`.
    pub(super) noise_start: f64,
    /// The middle of the cut-out, if there is one.
    pub(super) hole: Option<[f64; 2]>,
}
