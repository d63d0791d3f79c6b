use super::*;
use burn::tensor::{Distribution, Tolerance};
use keypoints_models::compact::{heat_map_places, heat_map_spread};

#[test]
fn reads_what_the_networks_own_operations_read() {
    let device = Device::flex();
    device.seed(5);
    for maps in [1, 4] {
        let shape = [3, maps, 12, 12];
        let maps = Tensor::<4>::random(shape, Distribution::Normal(0.0, 3.0), &device);
        let (places, spread) = read_heat_maps(maps.clone(), 48);
        let close = |one: Tensor<2>, other: Tensor<2>| {
            one.into_data().assert_approx_eq::<f32>(&other.into_data(), Tolerance::absolute(2e-5));
        };
        close(places, heat_map_places(maps.clone(), 48));
        close(spread, heat_map_spread(maps, 48));
    }
}

#[test]
fn large_numbers_stay_finite() {
    let maps = Tensor::<4>::from_data([[[[0.0, 900.0], [0.0, 900.0]]]], &Device::flex());
    let (places, spread) = read_heat_maps(maps, 96);
    let places = (places * 48.0 + 48.0).into_data().try_to_vec::<f32>().unwrap();
    assert_eq!(places, [71.5, 47.5]);
    assert_eq!(spread.into_scalar::<f32>(), 24.0);
}
