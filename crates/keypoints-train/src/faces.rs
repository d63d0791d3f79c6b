//! The faces on the device: uploaded once, gathered per batch.

use burn::tensor::{DType, Device, Int, Tensor, TensorData};
use keypoints_data::{IMAGE_PIXELS, IMAGE_SIDE, Images};

use crate::targets::row_indices;

/// All faces of a set on a device, one byte per pixel (65 MB for the 7049 training faces).
///
/// Batches are gathered and turned into floats there, so no pixel crosses to the device twice.
///
/// ```
/// use burn::tensor::Device;
/// use keypoints_data::Images;
/// use keypoints_train::DeviceImages;
///
/// let white_and_black = [vec![255; 9216], vec![0; 9216]].concat();
/// let images = Images::from_pixels(white_and_black).ok_or("not whole faces")?;
/// let images = DeviceImages::upload(&images, &Device::flex());
/// let batch = images.gather(&[1, 0, 0]); // [3, 1, 96, 96], values in 0..=1
/// assert_eq!(batch.sum().into_scalar::<f32>(), 2.0 * 9216.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct DeviceImages {
    pixels: Tensor<2, Int>,
}

impl DeviceImages {
    /// Copies faces to the device.
    pub fn upload(images: &Images, device: &Device) -> Self {
        // WGSL knows no bytes: there the pixels take four times the room.
        let dtype = if device.supports_dtype(DType::U8) { DType::U8 } else { DType::I32 };
        let data = TensorData::new(images.as_bytes().to_vec(), [images.len(), IMAGE_PIXELS]);
        Self { pixels: Tensor::from_data(data.convert_dtype(dtype), (device, dtype)) }
    }

    /// The chosen faces as a batch.
    ///
    /// # Shapes
    /// - output: `[rows, 1, 96, 96]`, grey values in `0..=1`
    pub fn gather(&self, rows: &[usize]) -> Tensor<4> {
        let indices = row_indices(rows, &self.pixels.device());
        let pixels = self.pixels.clone().select(0, indices).float() / 255.0;
        pixels.reshape([rows.len(), 1, IMAGE_SIDE, IMAGE_SIDE])
    }
}
