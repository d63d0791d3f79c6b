//! Our convolution next to Burn's: the layers of the notebook's network, of a small one at 48², and a few
//! others, batch 32, forward and forward with backward.
//!
//! `cargo bench -p keypoints-kernels --bench conv -- "64->64 96"` takes one layer. The two operations of a
//! pair run one after the other; on a busy machine take the example `conv_ratio`, where they alternate.
//! Throughput is floating-point operations per second (criterion's "elem/s").

use burn::tensor::ops::ConvOptions;
use burn::tensor::{Device, Distribution, Tensor, module};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use keypoints_kernels::{Convolution, conv2d};

const BATCH: usize = 32;

/// Channels in and out, side of the picture, kernel, stride.
const LAYERS: [[usize; 5]; 15] = [
    [1, 64, 96, 3, 1],
    [64, 64, 96, 3, 1],
    [64, 128, 48, 3, 1],
    [128, 128, 48, 3, 1],
    [128, 256, 24, 3, 1],
    [256, 256, 24, 3, 1],
    [1, 16, 48, 3, 1],
    [16, 16, 48, 3, 1],
    [16, 32, 24, 3, 1],
    [32, 32, 24, 3, 1],
    [32, 64, 12, 3, 1],
    [64, 64, 12, 3, 1],
    [32, 64, 48, 3, 2],
    [96, 24, 56, 1, 1],
    [16, 96, 56, 1, 1],
];

type Operation = fn(Tensor<4>, Tensor<4>, Option<Tensor<1>>, ConvOptions<2>) -> Tensor<4>;

fn conv(criterion: &mut Criterion) {
    let operations: [(&str, Operation); 2] = [
        ("ours", |x, w, b, o| conv2d(x, w, b, o)),
        ("burn", |x, w, b, o| module::conv2d(x, w, b, o)),
    ];
    for [channels_in, channels_out, side, kernel, stride] in LAYERS {
        let padding = kernel / 2;
        let options = ConvOptions::new([stride; 2], [padding; 2], [1, 1], 1);
        let input = [BATCH, channels_in, side, side];
        let multiply_adds = Convolution::new(input, channels_out, [kernel; 2])
            .map(|shape| shape.with_padding([padding; 2], [padding; 2]).with_stride([stride; 2]))
            .and_then(|shape| shape.multiply_adds())
            .unwrap_or_default();
        // The first layer's input is a picture and needs no gradient.
        let needs_input_gradient = channels_in > 1;
        for backward in [false, true] {
            let passes = if !backward { 1 } else { 2 + u64::from(needs_input_gradient) };
            let device = if backward { Device::flex().autodiff() } else { Device::flex() };
            let direction = if backward { "forward+backward" } else { "forward" };
            let name = format!("{channels_in}->{channels_out} {side}² {kernel}×{kernel}/{stride}");
            let mut group = criterion.benchmark_group(format!("{name} {direction}"));
            group.throughput(Throughput::Elements(2 * multiply_adds * passes));
            let x = Tensor::<4>::random(input, Distribution::Default, &device);
            let weight_dims = [channels_out, channels_in, kernel, kernel];
            let weight = Tensor::<4>::random(weight_dims, Distribution::Default, &device);
            let bias = Tensor::<1>::random([channels_out], Distribution::Default, &device);
            let side = (side + 2 * padding - kernel) / stride + 1;
            let dims = [BATCH, channels_out, side, side];
            let upstream = Tensor::<4>::random(dims, Distribution::Default, &device);
            for (who, operation) in operations {
                group.bench_function(BenchmarkId::from_parameter(who), |bencher| {
                    bencher.iter(|| {
                        if !backward {
                            let bias = Some(bias.clone());
                            return operation(x.clone(), weight.clone(), bias, options.clone());
                        }
                        let x = if needs_input_gradient {
                            x.clone().detach().require_grad()
                        } else {
                            x.clone()
                        };
                        let weight = weight.clone().detach().require_grad();
                        let bias = Some(bias.clone().detach().require_grad());
                        let output = operation(x, weight.clone(), bias, options.clone());
                        let gradients = (output * upstream.clone()).sum().backward();
                        weight.grad(&gradients).unwrap_or(weight)
                    });
                });
            }
            group.finish();
        }
    }
}

fn config() -> Criterion {
    Criterion::default()
        .sample_size(10)
        .warm_up_time(std::time::Duration::from_millis(300))
        .measurement_time(std::time::Duration::from_secs(1))
}

criterion_group! { name = benches; config = config(); targets = conv }
criterion_main!(benches);
