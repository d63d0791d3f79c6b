//! The two networks of [`CascadeFinder`](crate::CascadeFinder).

mod file;
mod pass;
mod proposer;
mod verifier;

use burn::module::Module;
use burn::tensor::Tensor;

pub use file::{FinderFileError, Networks};
pub use proposer::Proposer;
pub use verifier::Verifier;

/// A network that looks at square windows of a grey picture. A window shows the middle of a crop: a network that sees nothing beyond a face's
/// picture can be trained on pictures of faces alone.
pub trait WindowNetwork: Module {
    /// Pixels along the side of a crop.
    const CROP: usize;
    /// Pixels along the side of a window, fewer than those of the crop.
    const WINDOW: usize;

    /// Looks at windows.
    ///
    /// # Shapes
    /// - `windows`: `[batch, 1, WINDOW, WINDOW]`, values in 0..=1
    /// - output: `[batch, 5, 1, 1]`, to be read by [`Answer::read`](crate::Answer::read)
    fn forward(&self, windows: Tensor<4>) -> Tensor<4>;
}
