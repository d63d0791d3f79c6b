//! Pictures on the device: uploaded once, gathered per batch.

use burn::tensor::{DType, Device, Int, Tensor, TensorData};
use keypoints_core::{PictureShape, Pictures};

/// All pictures of a set on a device, one byte per pixel and channel (65 MB for 7049 grey 96×96 faces).
///
/// Batches are gathered and turned into floats there, so no pixel crosses to the device twice.
///
/// ```
/// use burn::tensor::Device;
/// use keypoints_core::{PictureShape, Pictures};
/// use keypoints_predict::DevicePictures;
///
/// let white_and_black = [vec![255; 64], vec![0; 64]].concat();
/// let pictures = Pictures::new(PictureShape::grey(8), white_and_black).ok_or("not whole pictures")?;
/// let pictures = DevicePictures::upload(&pictures, &Device::flex());
/// let batch = pictures.gather(&[1, 0, 0]); // [3, 1, 8, 8], values in 0..=1
/// assert_eq!(batch.sum().into_scalar::<f32>(), 2.0 * 64.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct DevicePictures {
    shape: PictureShape,
    pixels: Tensor<2, Int>,
}

impl DevicePictures {
    /// Copies pictures to the device.
    pub fn upload(pictures: &Pictures, device: &Device) -> Self {
        let shape = pictures.shape();
        // WGSL knows no bytes: there the pixels take four times the room.
        let dtype = if device.supports_dtype(DType::U8) { DType::U8 } else { DType::I32 };
        let data = TensorData::new(pictures.as_bytes().to_vec(), [pictures.len(), shape.bytes()]);
        Self { shape, pixels: Tensor::from_data(data.convert_dtype(dtype), (device, dtype)) }
    }

    /// The chosen pictures as a batch.
    ///
    /// # Shapes
    /// - output: `[rows, channels, side, side]`, values in `0..=1`
    pub fn gather(&self, rows: &[usize]) -> Tensor<4> {
        let indices: Vec<i32> = rows.iter().map(|&row| row as i32).collect();
        let indices = Tensor::<1, Int>::from_data(indices.as_slice(), &self.pixels.device());
        let pixels = self.pixels.clone().select(0, indices).float() / 255.0;
        pixels.reshape([rows.len(), self.shape.channels, self.shape.side, self.shape.side])
    }
}
