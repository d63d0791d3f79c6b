//! Folds, ensembles of them, and what they say of the labels.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

mod common;

use std::collections::BTreeMap;
use std::path::Path;

use burn::tensor::Device;
use common::{config, faces};
use keypoints_data::{FaceDataset, LabelRegime, Labels, picture_groups, read_row_list};
use keypoints_models::{NetworkConfig, simple_cnn::SimpleCnnConfig};
use keypoints_train::cv::{CrossValidation, CvConfig, CvFolder, CvReport};
use keypoints_train::ensemble::{
    Combine, Ensemble, EnsembleConfig, EnsembleRecord, build, build_with,
};
use keypoints_train::hygiene::{SUSPICIOUS_SCORE, suspects, write_suspects};
use keypoints_train::metrics::ErrorReport;
use keypoints_train::strategy::StrategyConfig;
use keypoints_train::{
    AnyPredictor, HeldOutPredictions, KeypointPredictor, Looks, NoObserver, Predictor, RunFolder,
    TrainConfig, Training, Which,
};

fn tiny(epochs: usize) -> TrainConfig {
    let network = SimpleCnnConfig {
        channels: [2, 4, 4],
        hidden: 8,
        image_side: 48,
        dropout: 0.0,
        ..Default::default()
    };
    let strategy = StrategyConfig::by_name("masked_two_head").unwrap();
    TrainConfig { network: NetworkConfig::SimpleCnn(network), strategy, ..config(epochs) }
}

fn cv_of(train: TrainConfig, folds: usize) -> CvConfig {
    CvConfig { train, folds, ..Default::default() }
}

fn run(dataset: &FaceDataset, config: CvConfig, folder: &Path) -> CvReport {
    let cv = CrossValidation::new(dataset, config);
    cv.run(folder, &Device::flex(), &mut NoObserver).unwrap()
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn every_row_is_answered_once_by_a_fold_that_never_saw_its_picture() {
    let (dataset, _) = faces(80);
    let place = tempfile::tempdir().unwrap();
    let report = run(&dataset, cv_of(tiny(1), 4), place.path());
    let folder = CvFolder::open(place.path()).unwrap();
    let predictions = HeldOutPredictions::read(&folder.predictions_path()).unwrap();
    assert_eq!(predictions, folder.predictions().unwrap());
    assert!(predictions.rows.iter().map(|one| one.row).eq(0..80));

    let groups = picture_groups(dataset.images());
    let mut fold_of_group = BTreeMap::new();
    for number in 1..=4 {
        let run = folder.fold(number);
        let own = HeldOutPredictions::of_run(&run).unwrap();
        let rows: Vec<usize> = own.rows.iter().map(|one| one.row).collect();
        for row in &rows {
            assert_eq!(*fold_of_group.entry(groups[*row]).or_insert(number), number);
        }
        let regimes: Vec<LabelRegime> = rows.iter().map(|&row| dataset.regime(row)).collect();
        let predictor = Predictor::load(&run, Which::Best, &Device::flex()).unwrap();
        let images = dataset.images().select(&rows);
        let asked = predictor.predict_as(&images, &regimes, &mut |_| ()).unwrap();
        let written: Vec<Labels> = own.rows.iter().map(|one| one.prediction).collect();
        assert_eq!(asked, written);
        assert!(own.rows.iter().zip(&regimes).all(|(one, regime)| one.regime == *regime));
    }

    let all: Vec<Labels> = predictions.rows.iter().map(|one| one.prediction).collect();
    assert_eq!(report.pooled.labels, ErrorReport::compare(dataset.labels(), &all).labels);
    let rmse = ErrorReport::compare(dataset.labels(), &all).weighted_rmse.unwrap();
    assert!((report.pooled.weighted_rmse.unwrap() - rmse).abs() < 1e-9);
    assert_eq!((report.spread.weighted.values.len(), report.suspicious), (4, 0));

    // Another list of suspicious rows needs no training.
    let cv = CrossValidation::new(&dataset, cv_of(tiny(1), 4)).with_suspicious((1..=20).collect());
    let clean = cv.summarise(&folder).unwrap();
    let rest = ErrorReport::compare(&dataset.labels()[20..], &all[20..]);
    assert_eq!((clean.suspicious, clean.pooled_clean.labels), (20, rest.labels));
    assert_eq!(clean.pooled, report.pooled);
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
        run(&dataset, cv_of(TrainConfig { seed, ..tiny(2) }, 3), &at(name));
    }
    let of_cv = |name: &str| CvFolder::open(&at(name)).unwrap().predictions().unwrap();
    let config = EnsembleConfig { members: vec![at("a"), at("b")], ..Default::default() };
    let mean = build(&config, &at("mean"), &dataset, &device).unwrap();
    assert_eq!((mean.rows, mean.members.len(), mean.ensemble.runs), (120, 2, 6));
    let (a, b) = (of_cv("a"), of_cv("b"));
    let both = HeldOutPredictions::read(&at("mean/predictions.csv")).unwrap();
    for ((a, b), both) in a.rows.iter().zip(&b.rows).zip(&both.rows) {
        for (coordinate, value) in both.prediction.present() {
            let expected = [a, b].map(|one| one.prediction.get(coordinate).unwrap());
            assert!((value - (expected[0] + expected[1]) / 2.0).abs() < 1e-4);
        }
        assert_eq!(both.prediction.count(), 30);
    }
    let own = ErrorReport::compare(
        dataset.labels(),
        &a.rows.iter().map(|one| one.prediction).collect::<Vec<_>>(),
    );
    assert_eq!(mean.members[0].raw, own);

    // New faces: the mean of six runs, and a cross-validation alone the mean of three.
    let images = dataset.images().select(&[3, 40, 77]);
    let regimes = [LabelRegime::Full, LabelRegime::FourPoint, LabelRegime::Full];
    let ask = |name: &str| {
        let predictor = AnyPredictor::load(&at(name), Which::Best, &device).unwrap();
        let mut done = Vec::new();
        let found = predictor.predict_as(&images, &regimes, &mut |faces| done.push(faces)).unwrap();
        assert!(done.is_sorted() && done.last() == Some(&3), "{done:?}");
        found
    };
    let (of_a, of_b, of_both) = (ask("a"), ask("b"), ask("mean"));
    let single = ask("a/folds/fold_1");
    assert_ne!(single, of_a);
    for face in 0..3 {
        for (coordinate, value) in of_both[face].present() {
            let expected = [&of_a, &of_b].map(|one| one[face].get(coordinate).unwrap());
            assert!((value - (expected[0] + expected[1]) / 2.0).abs() < 1e-4);
        }
    }

    // Other looks at the faces, out of fold and later.
    let looks = Looks::of_count(2);
    let looking = EnsembleConfig { looks, ..config.clone() };
    let mut told = Vec::new();
    let mut tell = |done, of| told.push((done, of));
    let report = build_with(&looking, &at("looking"), &dataset, &device, &mut tell).unwrap();
    assert_eq!(told.iter().filter(|(done, of)| done == of).count(), 6, "{told:?}");
    assert_ne!(report.ensemble.raw, mean.ensemble.raw);
    assert!(report.to_markdown().contains("Looks at a face: 2."));
    let twice = AnyPredictor::load(&at("mean"), Which::Best, &device).unwrap();
    let twice = twice.with_looks(looks.unwrap());
    assert_eq!(ask("looking"), twice.predict_as(&images, &regimes, &mut |_| ()).unwrap());
    assert_ne!(ask("looking"), of_both);

    // How far six runs are apart; one alone cannot tell without heat maps.
    let spreads = twice.spreads(&images, &regimes, &mut |_| ()).unwrap().unwrap();
    assert!(spreads.iter().all(|face| face.len() == 15 && face.values().all(|&far| far > 0.0)));
    let alone = AnyPredictor::load(&at("a/folds/fold_1"), Which::Best, &device).unwrap();
    assert_eq!(alone.spreads(&images, &regimes, &mut |_| ()).unwrap(), None);

    // Weights, and a folder that stands alone.
    let config = EnsembleConfig { combine: Combine::stacked(), copy: true, ..config };
    let config = EnsembleConfig { suspicious_rows: vec![1, 2, 3], ..config };
    let stacked = build(&config, &at("stacked"), &dataset, &device).unwrap();
    let record = EnsembleRecord::read(&at("stacked")).unwrap();
    let fit = record.fit.unwrap();
    assert_eq!((fit.rows, fit.left_out, fit.folds), (117, 3, 3));
    let weights: Vec<&Vec<f64>> = fit.weights.0.values().flat_map(|one| one.values()).collect();
    assert!(weights.len() >= 30, "{}", weights.len());
    for weights in weights {
        assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        assert!(weights.iter().all(|&weight| weight >= 0.0));
    }
    let text = stacked.to_markdown();
    assert!(text.contains("| b | 3 |") && text.contains("without suspicious rows"), "{text}");
    assert!(text.contains("| keypoint, RMSE in px | a | b | ensemble |"), "{text}");
    assert!(text.contains("| nose_tip | "), "{text}");
    let before = ask("stacked");
    std::fs::rename(at("stacked"), at("moved")).unwrap();
    std::fs::rename(at("a"), at("a-away")).unwrap();
    assert_eq!(ask("moved"), before);
    let error = Ensemble::load(&at("mean"), Which::Best, &device).unwrap_err().to_string();
    assert!(error.contains("fold_1"), "{error}");
    std::fs::rename(at("a-away"), at("a")).unwrap();

    // What a member was trained on, it may not answer out of fold.
    let path = at("b/folds/fold_2/predictions.csv");
    let whole = HeldOutPredictions::read(&path).unwrap();
    let trained_on = HeldOutPredictions::read(&at("b/folds/fold_1/predictions.csv")).unwrap();
    let mut forged = whole.clone();
    forged.rows.push(trained_on.rows[0]);
    forged.write(&path).unwrap();
    let error = build(&config, &at("forged"), &dataset, &device).unwrap_err().to_string();
    assert!(error.contains("rows that the run has held out"), "{error}");
    assert!(!at("forged/ensemble.json").exists());
    whole.write(&path).unwrap();

    for row in [0, 121] {
        let from_0 = EnsembleConfig { suspicious_rows: vec![row], ..config.clone() };
        let error = build(&from_0, &at("from-0"), &dataset, &device).unwrap_err().to_string();
        assert!(error.contains("counted from 1, but is"), "{error}");
        let cv = CrossValidation::new(&dataset, cv_of(tiny(2), 3)).with_suspicious(vec![row]);
        let error = cv.run(&at("a"), &device, &mut NoObserver).unwrap_err().to_string();
        assert!(error.contains("counted from 1, but is"), "{error}");
    }
    let file = EnsembleConfig { members: vec![at("mean/ensemble.json")], ..config.clone() };
    let error = build(&file, &at("file"), &dataset, &device).unwrap_err().to_string();
    assert!(error.contains("`members` must be folders"), "{error}");

    // Weights need the same folds; a mean takes what all have held out.
    let (_, split) = faces(120);
    let single = RunFolder::new(at("single"));
    Training::new(&dataset, split.clone(), tiny(1)).run(&single, &device, &mut NoObserver).unwrap();
    let mixed = EnsembleConfig { members: vec![at("a"), at("single")], ..config };
    let error = build(&mixed, &at("mixed"), &dataset, &device).unwrap_err().to_string();
    assert!(error.contains("`single` has other folds than `a`"), "{error}");
    let mixed = EnsembleConfig { combine: Combine::Mean, ..mixed };
    // A run of before wrote no predictions: it is asked now.
    std::fs::remove_file(single.predictions_path()).unwrap();
    let report = build(&mixed, &at("mixed"), &dataset, &device).unwrap();
    assert_eq!(report.rows, split.validation.len());
    let (others, _) = faces(60);
    let error = build(&mixed, &at("other"), &others, &device).unwrap_err().to_string();
    assert!(error.contains("a run on the dataset that is given now"), "{error}");
}

#[test]
fn corrupted_labels_are_found() {
    let (dataset, _) = faces(150);
    let wrong = [4, 33, 60, 91, 120, 149];
    let mut labels = dataset.labels().to_vec();
    for row in wrong {
        labels[row] = labels[row].present().map(|(one, at)| (one, at + 30.0)).collect();
    }
    let dataset = FaceDataset::new(dataset.images().clone(), labels).unwrap();
    let place = tempfile::tempdir().unwrap();
    run(&dataset, cv_of(tiny(6), 3), place.path());
    let predictions = CvFolder::open(place.path()).unwrap().predictions().unwrap();
    let ranked = suspects(&dataset, &predictions).unwrap();
    assert_eq!(ranked.len(), 150);
    let mut worst: Vec<usize> = ranked[..wrong.len()].iter().map(|one| one.row).collect();
    worst.sort_unstable();
    assert_eq!(worst, wrong);
    assert!(ranked[wrong.len() - 1].score > SUSPICIOUS_SCORE, "{:?}", &ranked[..8]);
    assert!(ranked[0].residual > 20.0 && ranked.is_sorted_by(|a, b| a.score >= b.score));

    let list = place.path().join("suspicious.csv");
    write_suspects(&list, &ranked[..3]).unwrap();
    let expected: Vec<usize> = ranked[..3].iter().map(|one| one.row + 1).collect();
    assert_eq!(read_row_list(&list, 150).unwrap(), expected);
    assert!(text(&list).starts_with("row,score,keypoint,residual\n"));
    let (few, _) = faces(20);
    assert!(suspects(&few, &predictions).unwrap_err().to_string().contains("has 20 rows"));
}
