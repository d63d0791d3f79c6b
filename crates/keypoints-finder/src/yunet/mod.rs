//! YuNet, from the user's own file.
//!
//! | part | file |
//! | --- | --- |
//! | [`YuNet`]: from a picture to faces | `mod.rs` |
//! | the ONNX format, its convolutions, the weights that are expected | `onnx.rs`, `file.rs`, `weights.rs` |
//! | the network | `network.rs` |
//! | a picture as its input | `input.rs` |
//! | its outputs as faces | `decode.rs`, `face.rs` |

mod decode;
mod error;
mod face;
mod file;
mod input;
mod network;
mod onnx;
mod weights;

use std::path::Path;

use burn::tensor::{Device, Tensor, TensorData};
use keypoints_image::Picture;

pub use self::error::{YuNetFault, YuNetFileError};
pub use self::face::YuNetFace;

use self::decode::{Cells, suppress};
use self::input::Input;
use self::network::{Network, STRIDES};
use self::weights::Weights;
use crate::error::FinderError;
use crate::face_finder::{FaceFinder, FoundFace};

/// The smallest and the largest side that pictures are brought to.
const SIDES: [usize; 2] = [32, 4096];

/// YuNet of March 2023, a face finder with 53,000 weights (Wu, Peng and Yu, "YuNet: A Tiny Millisecond-level Face Detector", 2023).
///
/// The weights come from a file of yours: `face_detection_yunet_2023mar.onnx` of OpenCV's model zoo, 227 KiB, under the MIT licence. Faces
/// are those that OpenCV's `FaceDetectorYN` finds with the file.
///
/// ```no_run
/// use keypoints_finder::{Device, FaceFinder, YuNet};
/// use keypoints_image::Picture;
///
/// let finder = YuNet::open("face_detection_yunet_2023mar.onnx", &Device::flex())?.with_score(0.8);
/// for face in finder.find(&Picture::open("photo.jpg")?)? {
///     let [x, y] = face.crop.centre;
///     println!("a face of {:.0} pixels at {x:.0}, {y:.0}, score {:.2}", face.crop.side, face.score);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct YuNet {
    network: Network,
    device: Device,
    score: f32,
    side: usize,
}

impl YuNet {
    /// Opens YuNet's file.
    ///
    /// # Errors
    /// [`FinderError::YuNet`] if it cannot be read or is not `face_detection_yunet_2023mar.onnx`: names, shapes and values of all weights are
    /// checked.
    pub fn open(path: impl AsRef<Path>, device: &Device) -> Result<Self, FinderError> {
        let path = path.as_ref();
        let weights = file::read(path).and_then(|bytes| Weights::parse(&bytes));
        Self::of_weights(path, weights, device)
    }

    /// Opens the bytes of such a file. `name` is for messages.
    ///
    /// # Errors
    /// As [`YuNet::open`].
    pub fn from_bytes(name: &Path, bytes: &[u8], device: &Device) -> Result<Self, FinderError> {
        Self::of_weights(name, Weights::parse(bytes), device)
    }

    fn of_weights(
        path: &Path,
        weights: Result<Weights, YuNetFault>,
        device: &Device,
    ) -> Result<Self, FinderError> {
        let weights = weights.map_err(|fault| YuNetFileError { path: path.to_owned(), fault })?;
        let network = Network::new(weights, device);
        Ok(Self { network, device: device.clone(), score: 0.8, side: 640 })
    }

    /// Sets the least score of a face, from 0 to 1; 0.8 unless set. OpenCV's default is 0.9.
    #[must_use]
    pub fn with_score(self, score: f32) -> Self {
        Self { score, ..self }
    }

    /// Sets the longest side in pixels of the pictures that the network sees, from 32 to 4096; 640 unless set. Larger pictures are shrunk to
    /// it. Smaller ones keep their size.
    ///
    /// A larger side finds smaller faces and takes more time. Its authors name a range of 10 to 300 pixels for faces
    /// at that size.
    #[must_use]
    pub fn with_side(self, side: usize) -> Self {
        let [least, most] = SIDES;
        Self { side: side.clamp(least, most), ..self }
    }

    /// Finds the faces of a picture with their boxes and points, the one with the highest score first.
    ///
    /// # Errors
    /// [`FinderError::Failed`] if the device fails.
    pub fn faces(&self, picture: &Picture) -> Result<Vec<YuNetFace>, FinderError> {
        let Input { values, width, height, scale } = Input::new(picture, self.side);
        let data = TensorData::new(values, [1, 3, height, width]);
        let outputs = self.network.forward(Tensor::from_data(data, &self.device));
        let mut faces = Vec::new();
        for (output, stride) in outputs.into_iter().zip(STRIDES) {
            let values = output.try_into_vec_as::<f32>();
            let values = values.map_err(|error| format!("the device failed: {error}"));
            let values = &values.map_err(|message| FinderError::Failed(message.into()))?;
            let cells = Cells { values, columns: width / stride, stride, scale };
            faces.extend(cells.faces(self.score));
        }
        Ok(suppress(faces))
    }
}

impl FaceFinder for YuNet {
    fn find(&self, picture: &Picture) -> Result<Vec<FoundFace>, FinderError> {
        let found = |face: YuNetFace| Some(FoundFace { crop: face.crop()?, score: face.score });
        Ok(self.faces(picture)?.into_iter().filter_map(found).collect())
    }
}
