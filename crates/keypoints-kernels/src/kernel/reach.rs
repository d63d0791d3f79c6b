//! Which input pixels a tap of a convolution with a stride reaches, seen from the input.

/// One axis of one lattice of input pixels: those that the taps `phase, phase + stride, …` reach.
pub(super) struct Reach {
    /// Taps that reach it.
    pub(super) taps: usize,
    /// Its first pixel.
    pub(super) first: usize,
    /// Its pixels.
    pub(super) count: usize,
    /// The output pixel under the first (turned) tap of the first pixel.
    pub(super) source: isize,
}

impl Reach {
    /// The lattice of an input axis of so many pixels, or `None` where there is none. Input pixel
    /// `stride · q + phase − before` is reached by output pixel `q − t` through tap `stride · t + phase`; `before`
    /// is the padding.
    pub(super) fn new(
        kernel: usize,
        stride: usize,
        before: usize,
        input: usize,
        phase: usize,
    ) -> Option<Self> {
        let taps = kernel.saturating_sub(phase).div_ceil(stride);
        let q = before.saturating_sub(phase).div_ceil(stride);
        let first = stride * q + phase - before;
        (taps > 0 && first < input).then(|| Self {
            taps,
            first,
            count: (input - first).div_ceil(stride),
            source: q as isize - (taps as isize - 1),
        })
    }
}
