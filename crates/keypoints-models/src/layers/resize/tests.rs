use super::*;

#[test]
fn a_ramp_stays_a_ramp_inside() {
    let device = Device::flex();
    let ramp: Vec<f32> = (0..64).map(|i| (i % 8) as f32).collect();
    let images = Tensor::<4>::from_data(TensorData::new(ramp, [1, 1, 8, 8]), &device);
    // Where it shrinks by no whole number, the triangle bends a ramp a little: torchvision's too.
    for side in [4, 16, 20] {
        let scale = 8.0 / side as f32;
        let values = resize(images.clone(), side).into_data().try_to_vec::<f32>().unwrap();
        for row in values.chunks(side) {
            for (i, value) in row.iter().enumerate() {
                let centre = (i as f32 + 0.5) * scale - 0.5;
                // At the edges the triangle is cut off.
                if centre >= scale.max(1.0) && centre <= 7.0 - scale.max(1.0) {
                    assert!((value - centre).abs() < 1e-5, "{side}: {value} {centre}");
                }
            }
        }
    }
}
