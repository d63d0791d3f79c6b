use super::*;

fn steps(times: &[f64]) -> Vec<f64> {
    let mut clock = Clock::new();
    times.iter().map(|&seconds| clock.go_to(seconds)).collect()
}

#[test]
fn the_time_between_frames_is_told_by_the_caller() {
    assert_eq!(steps(&[7.0, 7.5, 8.5, 8.75]), [USUAL_STEP, 0.5, 1.0, 0.25]);
}

#[test]
fn a_time_that_does_not_grow_is_one_more_step() {
    assert_eq!(steps(&[1.0, 1.5, 1.5, 2.0]), [USUAL_STEP, 0.5, 0.5, 0.5]);
    // The video begins again.
    assert_eq!(steps(&[8.0, 8.5, 0.0, 0.25]), [USUAL_STEP, 0.5, 0.5, 0.25]);
    assert_eq!(steps(&[0.0; 3]), [USUAL_STEP; 3]);
    let odd = [f64::NAN, 1.0, 1.5, f64::NAN, 2.25, f64::INFINITY];
    assert_eq!(steps(&odd), [USUAL_STEP, USUAL_STEP, 0.5, 0.5, 0.25, 0.25]);
}
