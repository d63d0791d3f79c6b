use std::path::Path;

use keypoints_kernels::without_kernels;

use super::*;
use crate::yunet::file::read;

/// Compares the outputs with those that onnxruntime 1.32 computes from the same file.
#[test]
fn outputs_are_those_of_the_file() {
    let Some(path) = std::env::var_os("KEYPOINTS_YUNET") else {
        eprintln!("skipped: KEYPOINTS_YUNET does not name `face_detection_yunet_2023mar.onnx`");
        return;
    };
    let weights = Weights::parse(&read(Path::new(&path)).unwrap()).unwrap();
    let device = Device::flex();
    let network = Network::new(weights, &device);
    assert_eq!(network.num_params(), 53_104);

    let (height, width) = (96, 160);
    let pixel = |index: usize| {
        let (channel, y, x) = (index / (height * width), index / width % height, index % width);
        ((x * (3 + channel) + y * (5 + 2 * channel) + x * y % 7) % 256) as f32
    };
    let data = TensorData::new((0..3 * height * width).map(pixel).collect(), [1, 3, height, width]);
    let input = Tensor::from_data(data, &device);

    // For each stride: a row and a column, the 16 channels there, the sum of the channels in the last cell, and the mean of all.
    #[rustfmt::skip]
    let expected = [
        (6, 6, [1.08643, -17.63686, 0.50662, 0.35968, 1.66478, 1.53624, -0.24486, -0.77734, 1.11363, -0.7253, 0.4837, 0.29094, 0.03357,
            1.6986, 0.89341, 0.68798], -8.95647, -0.271081),
        (3, 3, [0.29474, -13.44622, 0.41041, 0.46592, 0.23536, 0.48873, 0.21627, 0.30877, 0.74206, 0.30891, 0.39388, 0.6077, 0.23072,
            0.96214, 0.67146, 0.97322], -6.60649, -0.375841),
        (1, 1, [0.0249, -9.74713, 1.00279, 0.78176, 0.90795, 0.95353, 0.57366, 0.37586, 1.60066, 0.24588, 1.39289, 1.41532, 1.03098,
            2.1146, 1.88343, 1.97242], -1.12496, 0.215347),
    ];
    let burns_own = without_kernels(|| network.forward(input.clone()));
    for outputs in [network.forward(input), burns_own] {
        for ((output, stride), expected) in outputs.into_iter().zip(STRIDES).zip(expected) {
            let (rows, columns) = (height / stride, width / stride);
            assert_eq!(output.dims(), [1, 16, rows, columns]);
            let values = output.into_data().try_to_vec::<f32>().unwrap();
            let channels = |cell: usize| values.iter().skip(cell).step_by(rows * columns).copied();
            let close = |value: f32, expected: f32| {
                assert!((value - expected).abs() < 1e-3, "stride {stride}: {value} for {expected}");
            };
            let (row, column, cell, last, mean) = expected;
            channels(row * columns + column).zip(cell).for_each(|(value, one)| close(value, one));
            close(channels(rows * columns - 1).sum(), last);
            close(values.iter().sum::<f32>() / values.len() as f32, mean);
        }
    }
}
