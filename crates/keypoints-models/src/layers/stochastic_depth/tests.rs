use super::*;
use burn::tensor::Device;

#[test]
fn whole_pictures_are_left_out() {
    let device = Device::flex().autodiff();
    device.seed(7);
    let layer = StochasticDepth::new(0.2);
    let y = layer.forward(Tensor::ones([512, 3, 2, 2], &device));
    let values = y.inner().into_data().try_to_vec::<f32>().unwrap();
    let mut dropped = 0;
    for picture in values.chunks(12) {
        assert!(picture.iter().all(|&v| v == picture[0]));
        assert!(picture[0] == 0.0 || (picture[0] - 1.25).abs() < 1e-6);
        dropped += usize::from(picture[0] == 0.0);
    }
    // 512 draws at .2 have a standard deviation of 9.
    assert!((50..155).contains(&dropped), "{dropped} of 512");
}

#[test]
fn does_nothing_without_gradients_or_when_frozen() {
    let x = Tensor::<4>::ones([64, 1, 1, 1], &Device::flex());
    let y = StochasticDepth::new(0.9).forward(x.clone());
    assert_eq!(y.into_data(), x.into_data());
    let x = Tensor::<4>::ones([64, 1, 1, 1], &Device::flex().autodiff());
    let y = StochasticDepth::new(0.9).freeze().forward(x.clone());
    assert_eq!(y.into_data(), x.into_data());
}
