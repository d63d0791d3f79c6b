use super::*;
use crate::draw::draw;
use crate::{AugmentConfig, ElasticConfig};
use keypoints_core::PictureShape;

const SHAPE: PictureShape = PictureShape::colour(80);
const BYTES: usize = SHAPE.bytes();

#[test]
fn flips_alone_are_exact_everywhere() {
    let pixels: Vec<f32> = (0..6 * BYTES).map(|pixel| pixel as f32).collect();
    let images = tensor(pixels, [6, 3, 80, 80], &Device::flex());
    let config = AugmentConfig { flip: 0.5, ..AugmentConfig::none() };
    let changes: Vec<_> = (0..6).map(|index| draw(&config, SHAPE, 2, index)).collect();
    let warps: Vec<&Warp> = changes.iter().map(|change| &change.warp).collect();
    let there = numbers(flip_there(images.clone(), &warps)).unwrap();
    assert_eq!(there, numbers(flip(images, &warps).unwrap()).unwrap());
    let moved = (0..6).filter(|&face| there[face * BYTES] != (face * BYTES) as f32);
    let flipped: Vec<usize> = (0..6).filter(|&face| warps[face].flips()).collect();
    assert_eq!(moved.collect::<Vec<_>>(), flipped);
    assert!(!flipped.is_empty() && flipped.len() < 6);
}

#[test]
fn the_host_sees_what_the_device_sees() {
    let device = Device::flex();
    let pixel = |pixel: usize| ((pixel * pixel) % 251) as f32 / 251.0;
    let pixels: Vec<f32> = (0..5 * BYTES).map(pixel).collect();
    let images = tensor(pixels, [5, 3, 80, 80], &device);
    let plain = AugmentConfig { shear: 20.0, ..AugmentConfig::standard() };
    let deep = AugmentConfig { perspective: 0.2, shift: 40.0, ..plain };
    let elastic = ElasticConfig { amplitude: 3.0, grid: 5 };
    let bent = AugmentConfig { elastic, ..plain };
    for config in [plain, deep, bent, AugmentConfig { elastic, ..deep }] {
        let changes: Vec<_> = (0..5).map(|index| draw(&config, SHAPE, 9, index)).collect();
        let warps: Vec<&Warp> = changes.iter().map(|change| &change.warp).collect();
        let resampler = Resampler::new(&config, Frame::of(SHAPE), &device);
        let there = numbers(resampler.warp_there(images.clone(), &warps)).unwrap();
        let here = numbers(on_host(images.clone(), &warps, Warp::resample_into).unwrap()).unwrap();
        let off = there.iter().zip(&here).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(off < 1e-3, "{config:?}: {off}");
    }
}
