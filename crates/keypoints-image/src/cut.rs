//! Cutting a square out of a picture.

use keypoints_core::{Crop, PictureShape};

use crate::cut_turned::cut_turned;
use crate::picture::Picture;
use crate::quarter_turn::QuarterTurns;

/// The most samples along one side of a pixel of the crop. Beyond it, pixels of the photo between the samples are passed over.
pub(crate) const MOST_SAMPLES: usize = 16;

impl Picture {
    /// Cuts a square and brings it to a shape: one channel after the other, each row by row, as networks take pictures.
    ///
    /// A pixel of the crop is the mean over the area that it covers on the picture, which is interpolated between its own pixels.
    /// Beyond the picture's edges the nearest pixel goes on.
    ///
    /// ```
    /// use keypoints_core::{Crop, PictureShape};
    /// use keypoints_image::{Picture, image::{DynamicImage, GrayImage, Luma}};
    ///
    /// // Dark on the left, bright on the right; turned a quarter to the right, the bright side is up.
    /// let image = GrayImage::from_fn(8, 8, |x, _| Luma([30 * x as u8]));
    /// let picture = Picture::from_image(DynamicImage::from(image))?;
    /// let crop = Crop { centre: [3.5, 3.5], side: 8.0, roll: std::f64::consts::FRAC_PI_2 };
    /// let pixels = picture.cut(&crop, PictureShape::grey(8));
    /// assert_eq!((pixels[0], pixels[63]), (210, 0));
    /// # Ok::<(), keypoints_image::PictureFault>(())
    /// ```
    pub fn cut(&self, crop: &Crop, shape: PictureShape) -> Vec<u8> {
        if crop.roll == 0.0 {
            return self.cut_upright(crop, shape);
        }
        match QuarterTurns::of(crop.roll) {
            Some(turns) => turns.turn(self.cut_upright(crop, shape), shape),
            None => cut_turned(self, crop, shape),
        }
    }

    /// Cuts a square whose sides are parallel to the picture's, whatever its roll.
    fn cut_upright(&self, crop: &Crop, shape: PictureShape) -> Vec<u8> {
        let crop = &Crop::upright(crop.centre, crop.side);
        let scale = crop.side / shape.side as f64;
        let samples = (scale.ceil() as usize).clamp(1, MOST_SAMPLES);
        let columns = Samples::new(crop, shape, 0, samples, self.width() as usize);
        let rows = Samples::new(crop, shape, 1, samples, self.height() as usize);
        let (channels, width) = (self.channels(), self.width() as usize);
        let (bytes, share) = (self.as_bytes(), 1.0 / (samples * samples) as f32);
        let mut pixels = vec![0; shape.bytes()];
        let mut line = vec![0.0f32; width * channels];
        let mut sums = vec![0.0f32; shape.side * channels];
        // Columns that no sample touches need not be summed.
        let touched = columns.first() * channels..(columns.last() + 1) * channels;
        for (y, of_row) in rows.0.chunks_exact(samples).enumerate() {
            // The rows first: one sum per pixel of the photo serves all the crop's columns that it lies under.
            line[touched.clone()].fill(0.0);
            for &(low, high, weight) in of_row {
                let low = &bytes[low * width * channels..][touched.clone()];
                let high = &bytes[high * width * channels..][touched.clone()];
                for (sum, (&low, &high)) in
                    line[touched.clone()].iter_mut().zip(low.iter().zip(high))
                {
                    *sum += f32::from(low) * (1.0 - weight) + f32::from(high) * weight;
                }
            }
            for (x, of_column) in columns.0.chunks_exact(samples).enumerate() {
                for channel in 0..channels {
                    let sample = |&(low, high, weight): &(usize, usize, f32)| {
                        line[low * channels + channel] * (1.0 - weight)
                            + line[high * channels + channel] * weight
                    };
                    sums[x * channels + channel] =
                        of_column.iter().map(sample).sum::<f32>() * share;
                }
            }
            for (x, pixel) in sums.chunks_exact(channels).enumerate() {
                for channel in 0..shape.channels {
                    let value = match (channels, shape.channels) {
                        (3, 1) => luma(pixel),
                        (3, _) => pixel[channel],
                        _ => pixel[0],
                    };
                    pixels[channel * shape.area() + y * shape.side + x] = value.round() as u8;
                }
            }
        }
        pixels
    }
}

/// How bright a colour is, by the weights of Rec. 709, which the crate `image` has too.
fn luma(pixel: &[f32]) -> f32 {
    0.2126 * pixel[0] + 0.7152 * pixel[1] + 0.0722 * pixel[2]
}

/// For every pixel along one side of the crop its samples: the two neighbours on the photo, and the weight of the second.
struct Samples(Vec<(usize, usize, f32)>);

impl Samples {
    fn new(crop: &Crop, shape: PictureShape, axis: usize, samples: usize, size: usize) -> Self {
        let last = (size - 1) as f64;
        let sample = |index: usize| {
            let on_crop = (index as f64 + 0.5) / samples as f64 - 0.5;
            let place = crop.place([on_crop; 2], shape.side as f64)[axis].clamp(0.0, last);
            let low = place.floor();
            (low as usize, (low + 1.0).min(last) as usize, (place - low) as f32)
        };
        Self((0..shape.side * samples).map(sample).collect())
    }

    /// The first pixel of the photo that is touched. A side below 0 turns the order around.
    fn first(&self) -> usize {
        self.ends().map(|sample| sample.0).min().unwrap_or(0)
    }

    fn last(&self) -> usize {
        self.ends().map(|sample| sample.1).max().unwrap_or(0)
    }

    fn ends(&self) -> impl Iterator<Item = &(usize, usize, f32)> {
        self.0.first().into_iter().chain(self.0.last())
    }
}
