//! The networks of the face finder as ONNX files.

use burn::tensor::Tensor;
use keypoints_finder::networks::{Networks, Verifier, WindowNetwork};
use keypoints_predict::onnx::{OnnxError, OnnxText, export_module};

/// Sample shapes of the proposer: pictures of any size, any number of them.
const PICTURES: [[usize; 4]; 2] = [[5, 1, 43, 51], [7, 1, 59, 67]];

/// The two networks of a face finder as ONNX files. What happens between them (sizes of the picture, windows above a threshold, overlaps) is not
/// in the files: [`search`](keypoints_finder::search) has it.
///
/// Both take `pictures`, grey, 0 black to 255 white, and return `answers`, the five numbers of an [`Answer`](keypoints_finder::Answer)
/// for each window: log odds of a face, shift to the right and down as shares of the window's crop, logarithm of the scale,
/// roll in radians.
///
/// ```
/// use keypoints_detect::{CascadeFinder, Device, FinderOnnx};
///
/// let finder = CascadeFinder::pretrained(&Device::flex())?;
/// let files = FinderOnnx::of(finder.networks())?;
/// assert!(files.proposer.len() < files.verifier.len());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct FinderOnnx {
    /// `[batch, 1, height, width]` to `[batch, 5, rows, columns]`, windows of 19 pixels that lie 4 pixels apart.
    pub proposer: Vec<u8>,
    /// `[batch, 1, 40, 40]` to `[batch, 5, 1, 1]`; the finder averages the answers for a window and its mirror image.
    pub verifier: Vec<u8>,
}

impl FinderOnnx {
    /// Traces both networks.
    ///
    /// # Errors
    /// [`OnnxError`] with the network's name.
    pub fn of(networks: &Networks) -> Result<Self, OnnxError> {
        let side = Verifier::WINDOW;
        let windows = [5, 7].map(|batch| [batch, 1, side, side]);
        Ok(Self {
            proposer: file(&networks.proposer, PICTURES, "proposer")?,
            verifier: file(&networks.verifier, windows, "verifier")?,
        })
    }
}

fn file<N: WindowNetwork>(
    network: &N,
    shapes: [[usize; 4]; 2],
    name: &str,
) -> Result<Vec<u8>, OnnxError> {
    let metadata = [("window", N::WINDOW.to_string()), ("crop", N::CROP.to_string())];
    let metadata = metadata.map(|(key, value)| (key.to_owned(), value));
    let text = OnnxText {
        network: name,
        description: "pictures: grey, 0 to 255. answers: per window log odds of a face, shift x and y in crop sides, log scale, roll.",
        outputs: &["answers"],
        metadata: &metadata,
    };
    export_module(network, shapes, &text, |network, pictures: Tensor<4>| {
        network.forward(pictures / 255.0)
    })
}
