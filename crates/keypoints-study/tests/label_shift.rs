//! Ensembles of runs whose labels lie beside what they mark.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

mod common;

use burn::tensor::Device;
use common::{faces, tiny};
use keypoints_core::LabelShifts;
use keypoints_predict::KeypointPredictor;
use keypoints_study::AnyPredictor;
use keypoints_train::{Checkpoint, LabelShift, NoObserver, RunFolder, TrainConfig, Training};

#[test]
fn an_ensemble_predicts_on_the_picture_where_its_members_do_on_average() {
    let (dataset, split) = faces(60);
    let place = tempfile::tempdir().unwrap();
    let device = Device::flex();
    let shifts = [("full".to_owned(), 2.0), ("four_point".to_owned(), -1.5)].into_iter().collect();
    let runs = [("plain", LabelShift::None), ("moved", LabelShift::Given(shifts))];
    let runs = runs.map(|(name, label_shift)| {
        let run = RunFolder::new(place.path().join(name));
        let config = TrainConfig { label_shift, ..tiny(1, 0.0) };
        Training::new(&dataset, split.clone(), config).run(&run, &device, &mut NoObserver).unwrap();
        run
    });
    let record = r#"{ "members": [{ "name": "both", "runs": ["plain", "moved"] }] }"#;
    std::fs::write(place.path().join("ensemble.json"), record).unwrap();
    let both = AnyPredictor::load(place.path(), Checkpoint::Best, &device).unwrap();
    let half = LabelShifts::new(vec![1.0, -0.75]);
    assert_eq!(both.label_shifts(), half);
    let together = both.predict_on_picture(dataset.pictures(), &mut |_| ()).unwrap();
    let [plain, moved] = runs.each_ref().map(|run| {
        let predictor = run.predictor(Checkpoint::Best, &device).unwrap();
        predictor.predict_on_picture(dataset.pictures(), &mut |_| ()).unwrap()
    });
    for ((plain, moved), together) in plain.iter().zip(&moved).zip(&together) {
        for (coordinate, value) in together.present() {
            let mean = (plain.get(coordinate).unwrap() + moved.get(coordinate).unwrap()) / 2.0;
            assert!((value - mean).abs() < 1e-4, "{coordinate:?}");
        }
    }
    // One run alone has no other to differ from, and says itself what it can.
    let sources: Vec<_> = (0..dataset.len()).map(|row| dataset.sources()[row]).collect();
    let alone = AnyPredictor::load(runs[0].path(), Checkpoint::Best, &device).unwrap();
    assert_eq!(alone.uncertainty(dataset.pictures(), &sources, &mut |_| ()).unwrap(), None);
}
