use super::*;
use crate::CutoutConfig;

const SHAPE: PictureShape = PictureShape::grey(96);
const PIXELS: usize = SHAPE.bytes();

const STILL: Tone = Tone {
    blur: 0.0,
    gamma: 1.0,
    contrast: 1.0,
    brightness: 0.0,
    noise: 0.0,
    noise_start: 0.0,
    hole: None,
};

/// Sends an image of one grey, with one white pixel at column 40 of row 30, through some steps.
fn apply(config: AugmentConfig, grey: f32, tones: &[Tone]) -> Vec<Vec<f32>> {
    let mut pixels = vec![grey; PIXELS];
    pixels[30 * 96 + 40] = 1.0;
    let pixels = pixels.repeat(tones.len());
    let device = Device::flex();
    let images = tensor(pixels, [tones.len(), 1, 96, 96], &device);
    let tones: Vec<&Tone> = tones.iter().collect();
    let images = ToneSteps::new(&config, SHAPE).apply(images, &tones);
    let pixels = images.into_data().try_to_vec::<f32>().unwrap();
    pixels.chunks_exact(PIXELS).map(<[f32]>::to_vec).collect()
}

#[test]
fn light_changes_as_said() {
    let all = AugmentConfig { gamma: 2.0, contrast: 2.0, brightness: 0.5, ..Default::default() };
    let tones = [
        STILL,
        Tone { gamma: 2.0, ..STILL },
        Tone { contrast: 2.0, ..STILL },
        Tone { brightness: 0.5, ..STILL },
        Tone { brightness: -0.5, ..STILL },
    ];
    let faces = apply(all, 0.4, &tones);
    for (face, expected) in faces.iter().zip([0.4, 0.16, 0.3, 0.9, 0.0]) {
        assert!((face[0] - expected).abs() < 1e-5, "{} for {expected}", face[0]);
        assert!(face.iter().all(|pixel| (0.0..=1.0).contains(pixel)));
    }
}

#[test]
fn blur_spreads_a_dot_and_keeps_its_sum() {
    let config = AugmentConfig { blur: 2.0, ..Default::default() };
    let [sharp, soft] =
        apply(config, 0.0, &[STILL, Tone { blur: 2.0, ..STILL }]).try_into().unwrap();
    assert_eq!(sharp[30 * 96 + 40], 1.0);
    assert_eq!(sharp.iter().sum::<f32>(), 1.0);
    assert!((soft.iter().sum::<f32>() - 1.0).abs() < 1e-4);
    let variance: f32 =
        (0..PIXELS).map(|pixel| soft[pixel] * ((pixel % 96) as f32 - 40.0).powi(2)).sum();
    assert!((variance - 4.0).abs() < 0.05, "{variance}");
    let even = &apply(config, 0.7, &[Tone { blur: 1.3, ..STILL }])[0];
    assert!((even[95] - 0.7).abs() < 1e-5 && (even[9215] - 0.7).abs() < 1e-5, "edges keep");
}

#[test]
fn noise_has_its_deviation_and_its_place() {
    let config = AugmentConfig { noise: 0.1, ..Default::default() };
    let noisy = Tone { noise: -0.05, noise_start: 0.2, ..STILL };
    let tones = [STILL, noisy, noisy, Tone { noise_start: 0.99, ..noisy }];
    let faces = apply(config, 0.5, &tones);
    assert_eq!(faces[0][0], 0.5);
    assert_eq!(faces[1], faces[2]);
    assert_ne!(faces[1], faces[3]);
    let variance: f32 =
        faces[1][96..].iter().map(|pixel| (pixel - 0.5).powi(2)).sum::<f32>() / 9120.0;
    assert!((variance.sqrt() - 0.05).abs() < 0.003, "{variance}");
}

#[test]
fn a_hole_is_where_it_was_put() {
    let cutout = CutoutConfig { probability: 1.0, size: 4.0 };
    let config = AugmentConfig { cutout, ..Default::default() };
    let tones = [STILL, Tone { hole: Some([40.5, 10.5]), ..STILL }];
    let faces = apply(config, 0.1, &tones);
    assert!(!faces[0].contains(&0.5));
    let hole: Vec<usize> = (0..PIXELS).filter(|&pixel| faces[1][pixel] == 0.5).collect();
    assert_eq!(hole.len(), 16);
    assert_eq!((hole[0], hole[15]), (9 * 96 + 39, 12 * 96 + 42));
}

#[test]
fn channels_change_alike_but_for_the_noise() {
    let shape = PictureShape::colour(120);
    let channel: Vec<f32> = (0..shape.area()).map(|pixel| (pixel % 7) as f32 / 7.0).collect();
    let device = Device::flex();
    let images = || tensor(channel.repeat(3), [1, 3, 120, 120], &device);
    let tone = Tone { blur: 1.5, contrast: 1.3, brightness: 0.1, noise: 0.1, ..STILL };
    let cutout = CutoutConfig { probability: 1.0, size: 24.0 };
    let plain = AugmentConfig { blur: 2.0, contrast: 2.0, cutout, ..Default::default() };
    let noisy = AugmentConfig { noise: 0.2, ..plain };
    let change = |config: &AugmentConfig| {
        let tone = Tone { hole: Some([60.0, 60.0]), ..tone };
        let images = ToneSteps::new(config, shape).apply(images(), &[&tone]);
        let pixels = images.into_data().try_to_vec::<f32>().unwrap();
        pixels.chunks_exact(shape.area()).map(<[f32]>::to_vec).collect::<Vec<_>>()
    };
    let channels = change(&plain);
    assert!(channels[0] == channels[1] && channels[1] == channels[2]);
    // 24 of 96 pixels are 30 of 120.
    assert_eq!(channels[0][60 * 120..61 * 120].iter().filter(|&&one| one == 0.5).count(), 29);
    let channels = change(&noisy);
    assert!(channels[0] != channels[1] && channels[1] != channels[2]);
}
