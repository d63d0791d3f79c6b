//! A cross-validation that is killed, or trained fold by fold, ends as one that is not. Alone in its file: the CPU backend
//! has one stream of random numbers per process, and tests beside this one would draw from it.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

mod common;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use burn::tensor::Device;
use common::{Watch, cv_of, faces, run_cv, tiny};
use keypoints_study::cv::CvReport;
use keypoints_study::{Study, StudyFolder};
use keypoints_train::NoObserver;

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn killed_in_a_fold_or_trained_by_two_processes_it_ends_the_same() {
    let (dataset, _) = faces(90);
    let place = tempfile::tempdir().unwrap();
    let at = |name: &str| place.path().join(name);
    // With dropout, so that a step's random numbers matter.
    let whole = run_cv(&dataset, cv_of(tiny(2, 0.2), 3), &at("whole"));
    let device = Device::flex();

    // The second fold is killed in its second epoch.
    let cv = Study::new(&dataset, cv_of(tiny(2, 0.2), 3));
    let mut die = Watch { die_in: Some(("2 ", 2)), ..Default::default() };
    let go = |name: &str, share: &str, watch: &mut Watch| {
        cv.run(&at(name), share.parse().unwrap(), &device, watch).unwrap();
        CvReport::write(&StudyFolder::open(&at(name)).unwrap(), &dataset).unwrap()
    };
    assert!(catch_unwind(AssertUnwindSafe(|| go("killed", "1/1", &mut die))).is_err());
    let result = |name: &str, fold: usize| {
        at(name).join(format!("cells/base.fold-{fold}.seed-42/result.json"))
    };
    assert!(text(&result("killed", 1)).contains("\"finished\""));
    assert!(text(&result("killed", 2)).contains("\"running\""));
    let mut count = Watch::default();
    let resumed = go("killed", "1/1", &mut count);
    assert_eq!(count.epochs, [2, 1, 2], "the rest of the second fold, and the third");

    // The first and the third fold by one process, the second by another.
    let some = go("parts", "1/2", &mut Watch::default());
    assert_eq!(some.folds.iter().map(|fold| fold.fold).collect::<Vec<_>>(), [1, 3]);
    assert!(some.pooled.faces < 90 && some.to_markdown().contains("2 of 3 folds are finished"));
    let parts = go("parts", "2/2", &mut Watch::default());
    for (name, report) in [("killed", resumed), ("parts", parts)] {
        assert_eq!(report.pooled, whole.pooled, "{name}");
        assert_eq!(text(&at(name).join("predictions.csv")), text(&at("whole/predictions.csv")));
    }
    for (other, what) in [
        (cv_of(tiny(3, 0.2), 3), "another `study.base.epochs`"),
        (cv_of(tiny(2, 0.2), 4), "another `study.folds`"),
    ] {
        let cv = Study::new(&dataset, other);
        let share = "1/1".parse().unwrap();
        let error = cv.run(&at("whole"), share, &device, &mut NoObserver).unwrap_err().to_string();
        assert!(error.contains(what), "{error}");
    }
}
