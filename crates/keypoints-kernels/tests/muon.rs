//! Muon's step against its definition in `f64`.
#![cfg(feature = "flex")]

mod common;

use burn::tensor::{Device, Tensor, TensorData};
use common::random;
use keypoints_kernels::{MuonUpdate, without_kernels};

const UPDATE: MuonUpdate = MuonUpdate { rate: 0.02, momentum: 0.95, decay: 0.1 };

/// `out[i][j] = Σ a[i][k] b[k][j]`, of so many rows and columns.
fn product(a: &[f64], b: &[f64], rows: usize, columns: usize) -> Vec<f64> {
    let inner = a.len() / rows;
    let entry = |at: usize| {
        let (row, column) = (at / columns, at % columns);
        (0..inner).map(|k| a[row * inner + k] * b[k * columns + column]).sum()
    };
    (0..rows * columns).map(entry).collect()
}

fn transposed(a: &[f64], rows: usize) -> Vec<f64> {
    let columns = a.len() / rows;
    (0..a.len()).map(|at| a[at % rows * columns + at / rows]).collect()
}

/// Newton and Schulz on the matrix itself, on whichever side: `X ← aX + (b XXᵀ + c (XXᵀ)²) X`, five times.
fn orthogonal(x: &[f64], rows: usize) -> Vec<f64> {
    let columns = x.len() / rows;
    if rows > columns {
        return transposed(&orthogonal(&transposed(x, rows), columns), columns);
    }
    let norm = x.iter().map(|x| x * x).sum::<f64>().sqrt().max(1e-7);
    let mut x: Vec<f64> = x.iter().map(|x| x / norm).collect();
    for _ in 0..5 {
        let g = product(&x, &transposed(&x, rows), rows, rows);
        let squared = product(&g, &g, rows, rows);
        let p: Vec<f64> = g.iter().zip(squared).map(|(g, gg)| -4.775 * g + 2.0315 * gg).collect();
        let px = product(&p, &x, rows, columns);
        x = x.iter().zip(px).map(|(x, px)| 3.4445 * x + px).collect();
    }
    x
}

/// Step and velocity by the definition.
fn defined(gradient: &[f32], velocity: &[f32], rows: usize) -> [Vec<f64>; 2] {
    let momentum = f64::from(UPDATE.momentum);
    let pairs = || gradient.iter().zip(velocity).map(|(&g, &v)| (f64::from(g), f64::from(v)));
    let velocity: Vec<f64> = pairs().map(|(g, v)| momentum * v + g).collect();
    let ahead: Vec<f64> = pairs().zip(&velocity).map(|((g, _), v)| g + momentum * v).collect();
    let far = UPDATE.rate * 0.2 * (rows.max(gradient.len() / rows) as f64).sqrt();
    [orthogonal(&ahead, rows).iter().map(|x| -far * x).collect(), velocity]
}

fn length(values: impl Iterator<Item = f64>) -> f64 {
    values.map(|value| value * value).sum::<f64>().sqrt()
}

/// Wide and tall matrices, of one row and one column, some with a last part that fills no register; gradients of all directions, of one, of next to
/// nothing and of nothing; with and without a velocity.
#[test]
fn steps_are_those_of_the_definition() {
    let device = Device::flex();
    for (rows, columns) in [(1, 1), (1, 45), (30, 1), (16, 16), (7, 33), (48, 144), (100, 20)] {
        let size = rows * columns;
        let (parameter, noise) = (random(size, 1), random(size, 2));
        let (down, across) = (random(rows, 3), random(columns, 4));
        let ray = (0..size).map(|at| down[at / columns] * across[at % columns]).collect();
        let tiny = noise.iter().map(|value| value * 1e-10).collect();
        for (what, gradient) in
            [("noise", noise), ("ray", ray), ("tiny", tiny), ("nothing", vec![0.0; size])]
        {
            for velocity in [vec![0.0; size], random(size, 5)] {
                let case = format!("{rows}×{columns}, {what}, velocity {}", velocity[0]);
                let tensor = |values: &[f32]| {
                    let data = TensorData::new(values.to_vec(), [rows, columns]);
                    Tensor::<2>::from_data(data, &device)
                };
                let tensors = [&parameter, &gradient, &velocity].map(|values| tensor(values));
                let found = UPDATE.apply(tensors).unwrap();
                let [stepped, found] = found.map(|it| it.into_data().try_to_vec::<f32>().unwrap());
                let [step, velocity] = defined(&gradient, &velocity, rows);
                let keep = 1.0 - UPDATE.rate * f64::from(UPDATE.decay);
                // The parameter in f32 is wrong in its last digit, which is more than a thousandth of a small step.
                let apart =
                    length((0..size).map(|at| {
                        f64::from(stepped[at]) - f64::from(parameter[at]) * keep - step[at]
                    }));
                let rounding = 1e-7 * length(parameter.iter().map(|&value| f64::from(value)));
                let far = length(step.iter().copied());
                assert!(apart <= 1e-3 * far + rounding, "{case}: {apart} of {far}");
                let apart = length((0..size).map(|at| f64::from(found[at]) - velocity[at]));
                let whole = length(velocity.iter().copied());
                assert!(apart <= 1e-6 * whole, "{case}: velocity {apart} of {whole}");
            }
        }
    }
}

#[test]
fn what_is_not_ours_comes_back_as_it_was() {
    let device = Device::flex();
    let flat = || [1.0, 2.0, 3.0].map(|value| Tensor::<1>::full([4], value, &device));
    let other = || {
        let [a, b] = [1.0, 2.0].map(|value| Tensor::<2>::full([2, 3], value, &device));
        [a, b, Tensor::full([3, 2], 3.0, &device)]
    };
    let back = UPDATE.apply(flat()).unwrap_err();
    assert_eq!(back.map(|it| it.mean().into_scalar::<f32>()), [1.0, 2.0, 3.0]);
    let back = UPDATE.apply(other()).unwrap_err();
    assert_eq!(back.map(|it| it.mean().into_scalar::<f32>()), [1.0, 2.0, 3.0]);
    let same = || [1.0, 2.0, 3.0].map(|value| Tensor::<2>::full([2, 3], value, &device));
    assert!(UPDATE.apply(same()).is_ok());
    assert!(without_kernels(|| UPDATE.apply(same()).is_err()));
    let tracked = Device::flex().autodiff();
    let same = [1.0, 2.0, 3.0].map(|value| Tensor::<2>::full([2, 3], value, &tracked));
    assert!(UPDATE.apply(same).is_err());
}
