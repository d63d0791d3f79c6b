//! Frames with drawn faces on them, and a finder that is told where they are.

mod interpolated;

use std::sync::{Arc, Mutex};

use keypoints_core::{Crop, PictureShape, Point, kaggle15};
use keypoints_data::synth::{SyntheticFace, face_of_source};
use keypoints_detect::image::GrayImage;
use keypoints_detect::{Detector, Device, FaceFinder, FinderError, FoundFace, Picture};

use interpolated::interpolated;

const SHAPE: PictureShape = kaggle15::SHAPE;

/// How far the edge of a drawn face fades into the background, in pixels of the face.
const FADES: f64 = 12.0;

pub(crate) fn face(index: u64) -> SyntheticFace {
    face_of_source(42, index, kaggle15::FULL)
}

/// A frame with faces drawn into squares, the last one on top. `noise` is the standard deviation of the grey values; frames with the same
/// seed have the same noise.
pub(crate) fn frame(
    size: [u32; 2],
    faces: &[(&SyntheticFace, Crop)],
    noise: f64,
    seed: u64,
) -> Picture {
    let [width, height] = size;
    let background =
        |x: u32, y: u32| 110.0 + 20.0 * (f64::from(x) / 37.0).sin() * (f64::from(y) / 53.0).cos();
    let mut values: Vec<f64> =
        (0..height).flat_map(|y| (0..width).map(move |x| background(x, y))).collect();
    for (face, crop) in faces {
        draw(&mut values, size, &face.pixels, crop);
    }
    let mut random = Random(seed);
    let pixels = values.iter().map(|value| (value + noise * random.normal()).round() as u8);
    let image = GrayImage::from_raw(width, height, pixels.collect()).unwrap();
    Picture::from_image(image.into()).unwrap()
}

fn draw(values: &mut [f64], [width, height]: [u32; 2], pixels: &[u8], crop: &Crop) {
    // Beyond it nothing of the face is left, however it is turned.
    let reach = crop.side * (0.5 + 5.0 * FADES / 96.0) * 1.5;
    let range = |axis: usize, size: u32| {
        let [from, to] = [-reach, reach].map(|reach| (crop.centre[axis] + reach).max(0.0) as u32);
        from.min(size)..to.min(size)
    };
    for y in range(1, height) {
        for x in range(0, width) {
            let place = crop.to_crop(SHAPE, Point { x: x as f32, y: y as f32 });
            let [right, down] = [f64::from(place.x), f64::from(place.y)];
            let beyond = |place: f64| (-place).max(place - 95.0).max(0.0);
            let share = (-beyond(right).hypot(beyond(down)) / FADES).exp();
            if share > 0.01 {
                let value = &mut values[y as usize * width as usize + x as usize];
                *value += share * (interpolated(pixels, right, down) - *value);
            }
        }
    }
}

/// Random numbers by splitmix64.
struct Random(u64);

impl Random {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (bits ^ bits >> 31) as f64 / u64::MAX as f64
    }

    /// A sum of uniform numbers, with a variance of 1.
    fn normal(&mut self) -> f64 {
        (0..6).map(|_| self.uniform() - 0.5).sum::<f64>() * 2.0_f64.sqrt()
    }
}

/// A finder that sees what it is told, and counts its searches.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told(Arc<Mutex<(Vec<Crop>, usize)>>);

impl Told {
    pub(crate) fn see(&self, crops: &[Crop]) {
        self.0.lock().unwrap().0 = crops.to_vec();
    }

    pub(crate) fn searches(&self) -> usize {
        self.0.lock().unwrap().1
    }

    /// A detector with this finder.
    pub(crate) fn detector(&self) -> Detector {
        let detector = Detector::pretrained(&Device::flex()).unwrap();
        detector.with_finder(Box::new(self.clone()))
    }
}

impl FaceFinder for Told {
    fn find(&self, _: &Picture) -> Result<Vec<FoundFace>, FinderError> {
        let mut told = self.0.lock().unwrap();
        told.1 += 1;
        Ok(told.0.iter().map(|&crop| FoundFace { crop, score: 0.9 }).collect())
    }
}
