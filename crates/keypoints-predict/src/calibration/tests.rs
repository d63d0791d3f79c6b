use super::*;
use keypoints_core::kaggle15::{FOUR_POINT, FULL};

/// Points whose distance is that share of the spread on average: evenly from none to twice as much.
fn points(source: Source, share: f32, count: usize) -> Vec<CalibrationPoint> {
    let point = |at: usize| {
        let spread = 2.0 + (at / 100) as f32 * 0.1;
        let part = (at % 100) as f32 / 50.0;
        CalibrationPoint { source, spread, distance: share * spread * part }
    };
    (0..count).map(point).collect()
}

#[test]
fn every_source_has_its_own_table_and_few_points_share_one() {
    let schema = Schema::kaggle15();
    let mut all = points(FULL, 0.5, 2000);
    all.extend(points(FOUR_POINT, 1.0, 99));
    let fitted = Calibration::fit(&schema, &all).unwrap();
    for spread in [2.3, 3.0, 3.7] {
        let found = fitted.distance(&schema, FULL, spread);
        assert!((found / (0.5 * 1.36 * spread) - 1.0).abs() < 0.03, "{spread}: {found}");
    }
    assert!(fitted.distance(&schema, FOUR_POINT, 3.0) < 2.5);
    all.push(CalibrationPoint { source: FOUR_POINT, spread: 2.0, distance: 2.7 });
    let fitted = Calibration::fit(&schema, &all).unwrap();
    assert!(fitted.distance(&schema, FOUR_POINT, 3.0) > 3.5);
    assert_eq!(Calibration::fit(&schema, &points(FULL, 1.0, 99)), None);
}

#[test]
fn beyond_the_table_it_goes_on_and_never_falls() {
    let schema = Schema::kaggle15();
    let fitted = Calibration::fit(&schema, &points(FULL, 0.5, 2000)).unwrap();
    let first = fitted.distance(&schema, FULL, 2.0);
    assert_eq!(fitted.distance(&schema, FULL, 0.1), first);
    let far = fitted.distance(&schema, FULL, 40.0);
    assert!((far - 0.5 * 1.36 * 40.0).abs() < 1.0, "{far}");

    // Wider maps that are nearer to their labels: one entry for all.
    let falling: Vec<CalibrationPoint> = points(FULL, 0.5, 2000)
        .into_iter()
        .map(|one| CalibrationPoint { spread: 10.0 - one.spread, ..one })
        .collect();
    let fitted = Calibration::fit(&schema, &falling).unwrap();
    let steps: Vec<f32> =
        (60..90).map(|at| fitted.distance(&schema, FULL, at as f32 / 10.0)).collect();
    assert!(steps.windows(2).all(|pair| pair[0] <= pair[1]), "{steps:?}");
}

#[test]
fn a_spoiled_table_is_refused() {
    let read = |text: &str| serde_json::from_str::<Calibration>(text);
    let good = read(r#"{ "full": [[2.0, 0.5], [3.0, 0.5]] }"#).unwrap();
    assert_eq!(read(&serde_json::to_string(&good).unwrap()).unwrap(), good);
    assert!(read("{}").unwrap_err().to_string().contains("at least one label source"));
    for bad in [
        "[]",
        "[[2.0, 0.5], [2.0, 0.6]]",
        "[[2.0, 0.5], [3.0, 0.4]]",
        "[[0.0, 0.5]]",
        "[[1.0, -1.0]]",
    ] {
        let error = read(&format!(r#"{{ "full": {bad} }}"#)).unwrap_err().to_string();
        assert!(error.contains("calibration of `full`"), "{bad}: {error}");
    }
}
