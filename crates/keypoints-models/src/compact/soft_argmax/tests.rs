use super::*;

fn maps(values: Vec<f32>, [height, width]: [usize; 2]) -> Tensor<4> {
    let count = values.len() / (height * width);
    let data = TensorData::new(values, [1, count, height, width]);
    Tensor::from_data(data, &Device::flex())
}

fn numbers(tensor: Tensor<3>) -> Vec<f32> {
    tensor.into_data().try_to_vec().unwrap()
}

#[test]
fn a_single_hot_cell_is_found_exactly() {
    let mut heat = vec![0.0; 2 * 24 * 24];
    heat[5 * 24 + 17] = 1e4;
    heat[24 * 24 + 23 * 24] = 1e4;
    let (place, variance) = soft_argmax(maps(heat.clone(), [24, 24]));
    assert_eq!(numbers(place), [17.0, 5.0, 0.0, 23.0], "column before row");
    assert_eq!(numbers(variance), [0.0; 4]);
    let pixels = cells_to_normalised(expected_cell(maps(heat, [24, 24])), 24, 96);
    let pixels: Vec<f32> = numbers(pixels).iter().map(|place| 48.0 * place + 48.0).collect();
    assert_eq!(pixels, [69.5, 21.5, 1.5, 93.5]);
}

#[test]
fn a_bell_is_found_between_the_cells_with_its_width() {
    // Column 9.3, row 4.75, standard deviations 1.5 and 0.8, on a grid that is not square.
    let gaussian = |index: usize| {
        let (x, y) = ((index % 20) as f64, (index / 20) as f64);
        (-0.5 * ((x - 9.3) / 1.5).powi(2) - 0.5 * ((y - 4.75) / 0.8).powi(2)) as f32
    };
    let (place, variance) = soft_argmax(maps((0..200).map(gaussian).collect(), [10, 20]));
    for (found, expected) in numbers(place).into_iter().zip([9.3, 4.75]) {
        assert!((found - expected).abs() < 1e-3, "{found} is not {expected}");
    }
    for (found, expected) in numbers(variance).into_iter().zip([2.25, 0.64]) {
        assert!((found - expected).abs() < 5e-3, "{found} is not {expected}");
    }
}

#[test]
fn a_flat_map_answers_the_middle_and_owns_up_to_it() {
    let (place, variance) = soft_argmax(maps(vec![7.0; 24 * 24], [24, 24]));
    let normalised = numbers(cells_to_normalised(place.clone(), 24, 96));
    for (found, pixel) in numbers(place).into_iter().zip(normalised) {
        assert!((found - 11.5).abs() < 1e-5);
        assert!((48.0 * pixel + 48.0 - 47.5).abs() < 1e-4, "the centre of 96 pixels is 47.5");
    }
    // (n² − 1) / 12 for n equal shares.
    assert!(numbers(variance).iter().all(|spread| (spread - 575.0 / 12.0).abs() < 1e-3));
}

#[test]
fn heat_moves_towards_the_place_that_is_asked_for() {
    let heat = Tensor::<4>::zeros([1, 1, 4, 4], &Device::flex().autodiff()).require_grad();
    let loss = expected_cell(heat.clone()).narrow(2, 0, 1).neg().sum();
    let slope = heat.grad(&loss.backward()).unwrap();
    let slope = slope.into_data().try_to_vec::<f32>().unwrap();
    assert!(slope.chunks(4).all(|row| row.is_sorted_by(|a, b| a > b)), "{slope:?}");
}
