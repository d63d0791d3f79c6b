use super::*;
use burn::tensor::Device;

#[test]
fn drops_whole_channels_and_keeps_the_mean() {
    let device = Device::flex().autodiff();
    device.seed(3);
    let layer = Dropout2dConfig::new(0.3).init();
    let y = layer.forward(Tensor::ones([16, 64, 4, 4], &device));
    let values = y.inner().into_data().try_to_vec::<f32>().unwrap();
    let mut dropped = 0;
    for channel in values.chunks(16) {
        assert!(channel.iter().all(|&v| v == channel[0]), "a channel is dropped as a whole");
        assert!(channel[0] == 0.0 || (channel[0] - 1.0 / 0.7).abs() < 1e-6);
        dropped += usize::from(channel[0] == 0.0);
    }
    // 1024 draws at .3 have a standard deviation of 15: six of them leave no room for luck.
    assert!((dropped as f64 - 307.2).abs() < 90.0, "{dropped} of 1024 channels dropped");
}

#[test]
fn does_nothing_without_gradients() {
    let layer = Dropout2dConfig::new(0.3).init();
    let y = layer.forward(Tensor::ones([2, 8, 2, 2], &Device::flex()));
    assert!(y.into_data().try_to_vec::<f32>().unwrap().iter().all(|&v| v == 1.0));
}
