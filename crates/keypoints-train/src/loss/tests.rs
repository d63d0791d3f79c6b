//! Losses against numbers worked out by hand.

use burn::tensor::{Device, Tensor};

use super::*;

/// Errors of 0.5, 2, −3 and one of 7 that nobody marked.
fn batch(device: &Device) -> [Tensor<2>; 3] {
    [
        Tensor::from_data([[1.5, 4.0], [-3.0, 7.0]], device),
        Tensor::from_data([[1.0, 2.0], [0.0, 0.0]], device),
        Tensor::from_data([[1.0, 1.0], [1.0, 0.0]], device),
    ]
}

fn loss(config: LossConfig, scale: CoordinateScale) -> f64 {
    let [output, targets, mask] = batch(&Device::flex());
    f64::from(config.of(output, targets, mask, scale).into_scalar::<f32>())
}

/// The slope of the loss at each output.
fn slopes(config: LossConfig) -> Vec<f32> {
    let [output, targets, mask] = batch(&Device::flex().autodiff());
    let output = output.require_grad();
    let loss = config.of(output.clone(), targets, mask, CoordinateScale::PIXELS);
    output.grad(&loss.backward()).unwrap().into_data().try_to_vec().unwrap()
}

fn close(found: &[f32], expected: &[f32]) {
    for (one, other) in found.iter().zip(expected) {
        assert!((one - other).abs() < 1e-6, "{found:?} is not {expected:?}");
    }
    assert_eq!(found.len(), expected.len());
}

#[test]
fn each_loss_has_its_value_and_its_slope() {
    let pixels = CoordinateScale::PIXELS;
    assert!((loss(LossConfig::Mse, pixels) - 13.25 / 3.0).abs() < 1e-6);
    close(&slopes(LossConfig::Mse), &[1.0 / 3.0, 4.0 / 3.0, -2.0, 0.0]);

    let smooth = LossConfig::SmoothL1 { beta: 2.5 };
    // .25 / 5, 4 / 5 and 3 − 1.25.
    assert!((loss(smooth, pixels) - (0.05 + 0.8 + 1.75) / 3.0).abs() < 1e-6);
    close(&slopes(smooth), &[0.2 / 3.0, 0.8 / 3.0, -1.0 / 3.0, 0.0]);

    let wing = LossConfig::Wing { width: 2.5, epsilon: 0.5 };
    let expected = 2.5 * (2.0_f64.ln() + 5.0_f64.ln() + 6.0_f64.ln()) + 0.5;
    assert!((loss(wing, pixels) - expected / 3.0).abs() < 1e-6);
    // w / (ε + |e|) near the label, 1 beyond.
    close(&slopes(wing), &[2.5 / 3.0, 1.0 / 3.0, -1.0 / 3.0, 0.0]);
}

#[test]
fn settings_in_pixels_mean_the_same_in_every_scale() {
    // Errors of 0.5, 2 and 3 in a unit of four pixels are errors of 2, 8 and 12 pixels.
    let scale = CoordinateScale { offset: 48.0, scale: 4.0 };
    for (coarse, fine) in [
        (LossConfig::SmoothL1 { beta: 10.0 }, LossConfig::SmoothL1 { beta: 2.5 }),
        (
            LossConfig::Wing { width: 10.0, epsilon: 2.0 },
            LossConfig::Wing { width: 2.5, epsilon: 0.5 },
        ),
    ] {
        assert_eq!(loss(coarse, scale), loss(fine, CoordinateScale::PIXELS));
    }
}

#[test]
fn a_batch_without_labels_has_no_loss() {
    let device = Device::flex();
    let output = || Tensor::ones([2, 2], &device);
    let zeros = || Tensor::zeros([2, 2], &device);
    for config in [
        LossConfig::Mse,
        LossConfig::SmoothL1 { beta: beta() },
        LossConfig::Wing { width: width(), epsilon: epsilon() },
        LossConfig::HeatMapKl { spread: spread() },
    ] {
        let loss = config.of(output(), zeros(), zeros(), CoordinateScale::centred(96));
        assert_eq!(loss.into_scalar::<f32>(), 0.0);
    }
}

#[test]
fn settings_that_divide_by_zero_are_refused() {
    assert!(LossConfig::Mse.check().is_ok());
    for (config, message) in [
        (LossConfig::SmoothL1 { beta: 0.0 }, "`loss.beta` must be a positive number of pixels"),
        (LossConfig::Wing { width: -1.0, epsilon: 1.0 }, "`loss.width` must be"),
        (LossConfig::Wing { width: 1.0, epsilon: f64::NAN }, "`loss.epsilon` must be"),
        (LossConfig::HeatMapKl { spread: 0.0 }, "`loss.spread` must be"),
    ] {
        let error = config.check().unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
}

/// Two faces with two maps each; the first point of the first face and the second of the second one are labelled.
fn labelled_maps(maps: Tensor<4>) -> (Tensor<4>, Tensor<2>, Tensor<2>) {
    let device = Device::flex();
    let places = Tensor::from_data([[0.5, -0.5, 0.0, 0.0], [0.0, 0.0, -0.25, 0.75]], &device);
    // Of the first point of the second face, x alone.
    let mask = Tensor::from_data([[1.0, 1.0, 0.0, 0.0], [1.0, 0.0, 1.0, 1.0]], &device);
    (maps, places, mask)
}

#[test]
fn only_maps_of_labelled_points_are_taught() {
    let maps = Tensor::<4>::zeros([2, 2, 8, 8], &Device::flex().autodiff()).require_grad();
    let (maps, places, mask) = labelled_maps(maps);
    let loss = heat_map_kl(maps.clone(), places.autodiff(), mask.autodiff(), 12.0, 96);
    let slopes = maps.grad(&loss.backward()).unwrap().abs().sum_dims(&[2, 3]).reshape([4]);
    let slopes = slopes.into_data().try_to_vec::<f32>().unwrap();
    assert!(slopes[0] > 0.1 && slopes[3] > 0.1, "{slopes:?}");
    assert_eq!((slopes[1], slopes[2]), (0.0, 0.0));
}

#[test]
fn a_bell_on_the_label_has_nothing_left_to_learn() {
    use keypoints_models::compact::{heat_map_places, heat_map_spread};
    // The pixels 72 and 24 are the cells 17.625 and 5.625; 6 pixels are a cell and a half.
    let target = |index: usize| {
        let (x, y) = ((index % 24) as f32, (index / 24) as f32);
        -((x - 17.625).powi(2) + (y - 5.625).powi(2)) / 4.5
    };
    let target: Vec<f32> = (0..576).map(target).collect();
    let device = Device::flex();
    let maps = Tensor::<1>::from_data(target.repeat(4).as_slice(), &device).reshape([2, 2, 24, 24]);
    let (leaf, places, mask) = labelled_maps(maps.clone().autodiff().require_grad());
    let loss = heat_map_kl(leaf.clone(), places.autodiff(), mask.autodiff(), 6.0, 96);
    let slopes = leaf.grad(&loss.backward()).unwrap().abs().max_dims(&[2, 3]).reshape([4]);
    let slopes = slopes.into_data().try_to_vec::<f32>().unwrap();
    assert!(
        slopes[0] < 1e-5 && slopes[3] > 1e-3,
        "{slopes:?}: of the target, and of one elsewhere"
    );
    let place = heat_map_places(maps.clone(), 96).into_data().try_to_vec::<f32>().unwrap();
    assert!((place[0] - 0.5).abs() < 0.01 && (place[1] + 0.5).abs() < 0.01, "{place:?}");
    let spread = heat_map_spread(maps, 96).into_data().try_to_vec::<f32>().unwrap();
    // 6 pixels to either side, so √2 · 6 in the plane.
    assert!((spread[0] - 8.49).abs() < 0.1, "{spread:?}");
}

#[test]
fn coarse_maps_are_not_taught_bells_too_narrow_for_them() {
    use keypoints_models::compact::{heat_map_places, normalised_to_cells};
    let device = Device::flex();
    // On 12×12 cells two pixels are a quarter of a cell: what is asked for is half a cell.
    for pixel in [40.0_f32, 42.0, 44.5, 47.0] {
        let label = || Tensor::<2>::full([1, 2], (pixel - 48.0) / 48.0, &device);
        let cell = normalised_to_cells(label().reshape([1, 1, 2]), 12, 96);
        let cell = cell.into_data().try_to_vec::<f32>().unwrap()[0];
        let off = |at: usize| -2.0 * (at as f32 - cell).powi(2);
        let target: Vec<f32> = (0..144).map(|index| off(index % 12) + off(index / 12)).collect();
        let maps = Tensor::<1>::from_data(target.as_slice(), &device).reshape([1, 1, 12, 12]);
        let loss = heat_map_kl(maps.clone(), label(), Tensor::ones([1, 2], &device), 2.0, 96);
        assert!(loss.into_scalar::<f32>().abs() < 1e-5, "the target itself, at {pixel}");
        let place = heat_map_places(maps, 96).into_data().try_to_vec::<f32>().unwrap();
        // A fortieth of a cell; a target of a quarter of a cell would be off by two pixels.
        assert!((48.0 * place[0] + 48.0 - pixel).abs() < 0.2, "{place:?} at {pixel}");
    }
}
