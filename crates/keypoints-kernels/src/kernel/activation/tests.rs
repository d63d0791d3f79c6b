use super::*;
use crate::kernel::exp::tests::{levels, off};

#[test]
fn silu_and_its_slope_are_right_everywhere() {
    let mut inputs: Vec<f32> = (-87_000..=87_000).map(|i| i as f32 * 1e-3 + 1e-5).collect();
    inputs.extend([1e-30, -1e-30, 1e4, 1e30, 3e38]);
    for level in levels() {
        let (mut values, mut slopes) = (inputs.clone(), vec![1.0; inputs.len()]);
        Activation::Silu.apply(level, &mut values);
        Activation::Silu.back(level, &inputs, &mut slopes);
        for ((x, value), slope) in inputs.iter().zip(values).zip(slopes) {
            let x = f64::from(*x);
            let sigmoid = 1.0 / (1.0 + (-x).exp());
            assert!(off(value, x * sigmoid) <= 4.0, "{level:?}: silu({x}) = {value}");
            let truth = sigmoid * (1.0 + x * (1.0 - sigmoid));
            // An error of σ counts `x` times, and the two summands cancel each other out at −1.28.
            let error = (f64::from(slope) - truth).abs();
            let allowed = 2e-7 * sigmoid * (1.0 + x.abs());
            assert!(error <= allowed, "{level:?}: silu'({x}) = {slope}");
        }
        // Far below 0 both vanish rather than grow with x; the limits at infinity are Burn's.
        let far = [-90.0, -1e4, -1e30, -3e38];
        let (mut values, mut slopes) = (far, [1.0; 4]);
        Activation::Silu.apply(level, &mut values);
        Activation::Silu.back(level, &far, &mut slopes);
        let small = |value: &f32| value.abs() < 1e-35;
        assert!(values.iter().all(small) && slopes.iter().all(small), "{values:?} {slopes:?}");
        let mut ends = [f32::INFINITY, f32::NEG_INFINITY, f32::NAN];
        Activation::Silu.apply(level, &mut ends);
        assert!(ends[0] == f32::INFINITY && ends[1].is_nan() && ends[2].is_nan(), "{ends:?}");
    }
}
