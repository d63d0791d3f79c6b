use super::*;

#[test]
fn marks_are_round_numbers() {
    assert_eq!(linear(0.0, 10.0, 5), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
    assert_eq!(linear(0.0, 7.3, 4), [0.0, 2.0, 4.0, 6.0]);
    assert_eq!(linear(-0.05, 0.1, 3), [-0.05, 0.0, 0.05, 0.1]);
    assert_eq!(linear(3.0, 3.0, 5), [3.0]);
    assert_eq!(logarithmic(0.9, 30.0), [1.0, 2.0, 5.0, 10.0, 20.0]);
    assert_eq!(logarithmic(1.0, 1e6), [1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6]);
}

#[test]
fn labels_have_the_digits_that_tell_them_apart() {
    assert_eq!(label(2.0, 0.5), "2.0");
    assert_eq!(label(200.0, 100.0), "200");
    assert_eq!(label(-0.25, 0.05), "−0.25");
    assert_eq!(label(1e9, 1e9), "1e9");
    assert_eq!(labels_of_factors(&[5.0 * 10f64.powi(-5), 1e-3]), ["5e-5", "1e-3"]);
    assert_eq!(labels_of_factors(&[1.0, 2e7]), ["1e0", "2e7"]);
    assert_eq!(labels_of_factors(&[0.05, 0.1]), ["0.05", "0.1"]);
}
