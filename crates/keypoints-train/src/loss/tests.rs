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
    ] {
        let loss = config.of(output(), zeros(), zeros(), CoordinateScale::CENTERED);
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
    ] {
        let error = config.check().unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
}
