//! Folds, ensembles of them, and what they say of the labels.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

mod common;

use std::collections::BTreeMap;
use std::path::Path;

use burn::tensor::Device;
use common::{cv_of, faces, run_cv, tiny};
use keypoints_core::{Dataset, ErrorReport, Labels, Schema, Source, kaggle15, picture_groups};
use keypoints_data::{kaggle, read_row_list};
use keypoints_predict::{KeypointPredictor, TestTimeAugmentation};
use keypoints_study::cv::{CvReport, predictions, predictions_path};
use keypoints_study::ensemble::{EnsembleConfig, EnsembleRecord, build};
use keypoints_study::{AnyPredictor, Study, StudyConfig, StudyFolder};
use keypoints_train::label_errors::{SUSPICIOUS_SCORE, suspects, write_suspects};
use keypoints_train::{
    Checkpoint, HeldOutPredictions, NoObserver, RunFolder, TrainConfig, Training,
};

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

/// The scores of predictions for all rows.
fn compare(dataset: &Dataset, found: &[Labels]) -> ErrorReport {
    ErrorReport::compare(dataset.schema(), dataset.sources(), dataset.labels(), found)
}

/// The run folder of a fold.
fn fold(folder: &Path, number: usize) -> RunFolder {
    RunFolder::new(folder.join(format!("cells/base.fold-{number}.seed-42")))
}

#[test]
fn every_row_is_answered_once_by_a_fold_that_never_saw_its_picture() {
    let (dataset, _) = faces(80);
    let place = tempfile::tempdir().unwrap();
    let report = run_cv(&dataset, cv_of(tiny(1, 0.0), 4), place.path());
    let folder = StudyFolder::open(place.path()).unwrap();
    let found = HeldOutPredictions::read(&Schema::kaggle15(), &predictions_path(&folder)).unwrap();
    assert_eq!(found, predictions(&folder, dataset.schema()).unwrap());
    assert!(found.rows.iter().map(|one| one.row).eq(0..80));

    let groups = picture_groups(dataset.pictures());
    let mut fold_of_group = BTreeMap::new();
    for number in 1..=4 {
        let run = fold(folder.path(), number);
        let own = HeldOutPredictions::of_run(&Schema::kaggle15(), &run).unwrap();
        let rows: Vec<usize> = own.rows.iter().map(|one| one.row).collect();
        for row in &rows {
            assert_eq!(*fold_of_group.entry(groups[*row]).or_insert(number), number);
        }
        let sources: Vec<Source> = rows.iter().map(|&row| dataset.sources()[row]).collect();
        let predictor = run.predictor(Checkpoint::Best, &Device::flex()).unwrap();
        let images = dataset.pictures().select(&rows);
        let asked = predictor.predict_as(&images, &sources, &mut |_| ()).unwrap();
        let written: Vec<Labels> = own.rows.iter().map(|one| one.prediction.clone()).collect();
        assert_eq!(asked, written);
        assert!(own.rows.iter().zip(&sources).all(|(one, source)| one.source == *source));
    }

    let all: Vec<Labels> = found.rows.iter().map(|one| one.prediction.clone()).collect();
    assert_eq!(report.pooled.raw.labels, compare(&dataset, &all).labels);
    let rmse = compare(&dataset, &all).weighted_rmse.unwrap();
    assert!((report.pooled.raw.weighted_rmse.unwrap() - rmse).abs() < 1e-9);
    assert_eq!((report.mean.raw().values.len(), report.pooled.suspicious), (4, 0));

    // Another list of suspicious rows needs no training.
    let listed = StudyConfig { suspicious_rows: (1..=20).collect(), ..cv_of(tiny(1, 0.0), 4) };
    Study::new(&dataset, listed).rescore(place.path()).unwrap();
    let clean = CvReport::write(&StudyFolder::open(place.path()).unwrap(), &dataset).unwrap();
    let rest = ErrorReport::compare(
        dataset.schema(),
        &dataset.sources()[20..],
        &dataset.labels()[20..],
        &all[20..],
    );
    assert_eq!((clean.pooled.suspicious, clean.pooled.clean.labels), (20, rest.labels));
    assert_eq!(clean.pooled.raw, report.pooled.raw);
    assert!(text(&place.path().join("scores.md")).contains("20 rows are called suspicious"));
    let json: CvReport = serde_json::from_str(&text(&place.path().join("scores.json"))).unwrap();
    assert_eq!(json, clean);
}

#[test]
fn an_ensemble_answers_out_of_fold_and_for_new_faces() {
    let (dataset, _) = faces(120);
    let place = tempfile::tempdir().unwrap();
    let at = |name: &str| place.path().join(name);
    let device = Device::flex();
    for (name, seed) in [("a", 1), ("b", 2)] {
        run_cv(&dataset, cv_of(TrainConfig { seed, ..tiny(2, 0.0) }, 3), &at(name));
    }
    let of_cv =
        |name: &str| predictions(&StudyFolder::open(&at(name)).unwrap(), dataset.schema()).unwrap();
    let config = EnsembleConfig { members: vec![at("a"), at("b")], ..Default::default() };
    let mean = build(&config, &at("mean"), &dataset, &device, &mut |_, _| ()).unwrap();
    assert_eq!((mean.rows, mean.members.len(), mean.ensemble.runs), (120, 2, 6));
    let (a, b) = (of_cv("a"), of_cv("b"));
    let both = HeldOutPredictions::read(&Schema::kaggle15(), &at("mean/predictions.csv")).unwrap();
    for ((a, b), both) in a.rows.iter().zip(&b.rows).zip(&both.rows) {
        for (coordinate, value) in both.prediction.present() {
            let expected = [a, b].map(|one| one.prediction.get(coordinate).unwrap());
            assert!((value - (expected[0] + expected[1]) / 2.0).abs() < 1e-4);
        }
        assert_eq!(both.prediction.count(), 30);
    }
    let own =
        compare(&dataset, &a.rows.iter().map(|one| one.prediction.clone()).collect::<Vec<_>>());
    assert_eq!(mean.members[0].scores.raw, own);

    // New faces: the mean of six runs, and a cross-validation alone the mean of three.
    let images = dataset.pictures().select(&[3, 40, 77]);
    let sources = [kaggle15::FULL, kaggle15::FOUR_POINT, kaggle15::FULL];
    let ask = |name: &str| {
        let predictor = AnyPredictor::load(&at(name), Checkpoint::Best, &device).unwrap();
        let mut done = Vec::new();
        let found = predictor.predict_as(&images, &sources, &mut |faces| done.push(faces)).unwrap();
        assert!(done.is_sorted() && done.last() == Some(&3), "{done:?}");
        found
    };
    let (of_a, of_b, of_both) = (ask("a"), ask("b"), ask("mean"));
    let single = ask("a/cells/base.fold-1.seed-1");
    assert_ne!(single, of_a);
    for face in 0..3 {
        for (coordinate, value) in of_both[face].present() {
            let expected = [&of_a, &of_b].map(|one| one[face].get(coordinate).unwrap());
            assert!((value - (expected[0] + expected[1]) / 2.0).abs() < 1e-4);
        }
    }

    // Another test-time augmentation, out of fold and later.
    let tta = TestTimeAugmentation::of_count(2);
    let looking = EnsembleConfig { tta, ..config.clone() };
    let mut told = Vec::new();
    let mut tell = |done, of| told.push((done, of));
    let report = build(&looking, &at("looking"), &dataset, &device, &mut tell).unwrap();
    assert_eq!(told.iter().filter(|(done, of)| done == of).count(), 6, "{told:?}");
    assert_ne!(report.ensemble.scores.raw, mean.ensemble.scores.raw);
    assert!(report.to_markdown().contains("Test-time augmentation: 2 versions of a face."));
    let twice = AnyPredictor::load(&at("mean"), Checkpoint::Best, &device).unwrap();
    let twice = twice.with_tta(tta.unwrap());
    assert_eq!(ask("looking"), twice.predict_as(&images, &sources, &mut |_| ()).unwrap());
    assert_ne!(ask("looking"), of_both);

    // How far six runs are apart; one alone cannot tell without heat maps.
    let uncertainty = twice.uncertainty(&images, &sources, &mut |_| ()).unwrap().unwrap();
    assert!(uncertainty.iter().all(|face| face.len() == 15 && face.values().all(|&far| far > 0.0)));
    let alone =
        AnyPredictor::load(&at("a/cells/base.fold-1.seed-1"), Checkpoint::Best, &device).unwrap();
    assert_eq!(alone.uncertainty(&images, &sources, &mut |_| ()).unwrap(), None);

    // A folder that stands alone.
    let config = EnsembleConfig { copy: true, suspicious_rows: vec![1, 2, 3], ..config };
    let copied = build(&config, &at("copied"), &dataset, &device, &mut |_, _| ()).unwrap();
    assert_eq!((copied.rows, copied.suspicious), (120, 3));
    assert_eq!(EnsembleRecord::read(&at("copied")).unwrap().members.len(), 2);
    let text = copied.to_markdown();
    assert!(text.contains("without suspicious rows"), "{text}");
    assert!(text.contains("| RMSE, px | a | b | ensemble |"), "{text}");
    assert!(text.contains("| nose_tip | "), "{text}");
    let before = ask("copied");
    assert_eq!(before, of_both);
    std::fs::rename(at("copied"), at("moved")).unwrap();
    std::fs::rename(at("a"), at("a-away")).unwrap();
    assert_eq!(ask("moved"), before);
    let error = AnyPredictor::load(&at("mean"), Checkpoint::Best, &device).unwrap_err().to_string();
    assert!(error.contains("fold-1"), "{error}");
    std::fs::rename(at("a-away"), at("a")).unwrap();

    // What a member was trained on, it may not answer out of fold.
    let path = at("b/cells/base.fold-2.seed-2/predictions.csv");
    let whole = HeldOutPredictions::read(&Schema::kaggle15(), &path).unwrap();
    let trained_on = HeldOutPredictions::read(
        &Schema::kaggle15(),
        &at("b/cells/base.fold-1.seed-2/predictions.csv"),
    )
    .unwrap();
    let mut forged = whole.clone();
    forged.rows.push(trained_on.rows[0].clone());
    forged.write(dataset.schema(), &path).unwrap();
    let error =
        build(&config, &at("forged"), &dataset, &device, &mut |_, _| ()).unwrap_err().to_string();
    assert!(error.contains("rows that the run has held out"), "{error}");
    assert!(!at("forged/ensemble.json").exists());
    whole.write(dataset.schema(), &path).unwrap();

    for row in [0, 121] {
        let from_0 = EnsembleConfig { suspicious_rows: vec![row], ..config.clone() };
        let error = build(&from_0, &at("from-0"), &dataset, &device, &mut |_, _| ()).unwrap_err();
        assert!(error.to_string().contains("counted from 1, but is"), "{error}");
        let cv = StudyConfig { suspicious_rows: vec![row], ..cv_of(tiny(2, 0.0), 3) };
        let error = Study::new(&dataset, cv).rescore(&at("a")).unwrap_err().to_string();
        assert!(error.contains("counted from 1, but is"), "{error}");
    }
    let refused = |config: EnsembleConfig, name: &str, dataset: &Dataset| {
        build(&config, &at(name), dataset, &device, &mut |_, _| ()).unwrap_err().to_string()
    };
    let file = EnsembleConfig { members: vec![at("mean/ensemble.json")], ..config.clone() };
    let error = refused(file, "file", &dataset);
    assert!(error.contains("`members` must be folders"), "{error}");
    let error = refused(config.clone(), "a", &dataset);
    assert!(error.contains("holds a study; an ensemble needs another folder"), "{error}");

    // Rows that all have held out are scored.
    let (_, split) = faces(120);
    let single = RunFolder::new(at("single"));
    let training = Training::new(&dataset, split.clone(), tiny(1, 0.0));
    training.run(&single, &device, &mut NoObserver).unwrap();
    let mixed = EnsembleConfig { members: vec![at("a"), at("single")], ..config };
    // A run without predictions predicts now.
    std::fs::remove_file(single.predictions_path()).unwrap();
    let report = build(&mixed, &at("mixed"), &dataset, &device, &mut |_, _| ()).unwrap();
    assert_eq!(report.rows, split.validation.len());
    let error = refused(mixed, "other", &faces(60).0);
    assert!(error.contains("a run on the dataset that is given now"), "{error}");

    // Of an older version.
    std::fs::write(at("mean/ensemble.json"), r#"{ "members": [], "combine": { "kind": "mean" } }"#)
        .unwrap();
    let error = AnyPredictor::load(&at("mean"), Checkpoint::Best, &device).unwrap_err().to_string();
    assert!(error.contains("an older version wrote this file"), "{error}");
    // A study of several settings does not predict.
    let several = StudyConfig { seeds: vec![1, 2], folds_run: Some(1), ..cv_of(tiny(1, 0.0), 3) };
    common::run(&dataset, several, &at("several"));
    let error = AnyPredictor::load(&at("several"), Checkpoint::Best, &device).unwrap_err();
    assert!(error.to_string().contains("name the folder of one of its cells"), "{error}");
}

#[test]
fn corrupted_labels_are_found() {
    let (dataset, _) = faces(150);
    let wrong = [4, 33, 60, 91, 120, 149];
    let mut labels = dataset.labels().to_vec();
    for row in wrong {
        labels[row] = labels[row].present().map(|(one, at)| (one, at + 30.0)).collect();
    }
    let dataset = kaggle::dataset(dataset.pictures().clone(), labels).unwrap();
    let place = tempfile::tempdir().unwrap();
    run_cv(&dataset, cv_of(tiny(6, 0.0), 3), place.path());
    let found = predictions(&StudyFolder::open(place.path()).unwrap(), dataset.schema()).unwrap();
    let ranked = suspects(&dataset, &found).unwrap();
    assert_eq!(ranked.len(), 150);
    let mut worst: Vec<usize> = ranked[..wrong.len()].iter().map(|one| one.row).collect();
    worst.sort_unstable();
    assert_eq!(worst, wrong);
    assert!(ranked[wrong.len() - 1].score > SUSPICIOUS_SCORE, "{:?}", &ranked[..8]);
    assert!(ranked[0].residual > 20.0 && ranked.is_sorted_by(|a, b| a.score >= b.score));

    let list = place.path().join("suspicious.csv");
    write_suspects(&list, dataset.schema(), &ranked[..3]).unwrap();
    let expected: Vec<usize> = ranked[..3].iter().map(|one| one.row + 1).collect();
    assert_eq!(read_row_list(&list, 150).unwrap(), expected);
    assert!(text(&list).starts_with("row,score,keypoint,residual\n"));
    let (few, _) = faces(20);
    assert!(suspects(&few, &found).unwrap_err().to_string().contains("has 20 rows"));
}
