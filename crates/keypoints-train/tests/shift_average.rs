//! A run that asks its network about a face at five places.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

mod common;

use burn::tensor::Device;
use common::{config, faces};
use keypoints_core::{Axis, Coordinate, Labels, Pictures, kaggle15};
use keypoints_models::{NetworkConfig, compact::CompactConfig};
use keypoints_predict::{KeypointPredictor, Predictor, TestTimeAugmentation};
use keypoints_train::strategy::{Masked, StrategyConfig};
use keypoints_train::{Checkpoint, NoObserver, RunFolder, TrainConfig, TrainError, Training};

/// Faces moved to the right and down, their edges repeated.
fn moved(images: &Pictures, [right, down]: [i32; 2]) -> Pictures {
    let last = kaggle15::SHAPE.side as i32 - 1;
    let face = |face: &[u8]| {
        let pixel = |at: usize| {
            let (x, y) = ((at % kaggle15::SHAPE.side) as i32, (at / kaggle15::SHAPE.side) as i32);
            let from = [(x - right).clamp(0, last), (y - down).clamp(0, last)];
            face[from[1] as usize * kaggle15::SHAPE.side + from[0] as usize]
        };
        (0..face.len()).map(pixel).collect::<Vec<u8>>()
    };
    Pictures::new(kaggle15::SHAPE, images.iter().flat_map(face).collect()).unwrap()
}

#[test]
fn the_answer_is_the_mean_of_five_looks() {
    let (dataset, split) = faces(60);
    let device = Device::flex();
    let folder = tempfile::tempdir().unwrap();
    let run = RunFolder::new(folder.path());
    let strategy = StrategyConfig::Masked(Masked::TWO_HEAD);
    // One that looks at places: the others' network says much the same wherever a face is after so little training.
    let compact = CompactConfig { width: 2, blocks: 1, ..Default::default() };
    let network = NetworkConfig::CompactNet(compact);
    let config =
        TrainConfig { network, shift_average: 2, flip_average: true, strategy, ..config(1) };
    let training = Training::new(&dataset, split, config);
    training.run(&run, &device, &mut NoObserver).unwrap();
    assert_eq!(run.model_record().unwrap().tta.shift_average, 2);

    let load = || run.predictor(Checkpoint::Best, &device).unwrap();
    for source in [kaggle15::FULL, kaggle15::FOUR_POINT] {
        let ask = |predictor: &Predictor, images: &Pictures| -> Vec<Labels> {
            predictor.predict_as(images, &vec![source; images.len()], &mut |_| ()).unwrap()
        };
        let once = load().with_tta(TestTimeAugmentation { flip_average: true, shift_average: 0 });
        let places = [[0, 0], [2, 2], [2, -2], [-2, 2], [-2, -2]];
        let looks = places.map(|place| ask(&once, &moved(dataset.pictures(), place)));
        let mut different = 0;
        for (face, answer) in ask(&load(), dataset.pictures()).iter().enumerate() {
            for (coordinate, found) in answer.present() {
                let Coordinate { axis, .. } = coordinate;
                let back = |(look, place): (&Vec<Labels>, [i32; 2])| {
                    look[face].get(coordinate).unwrap() - place[usize::from(axis == Axis::Y)] as f32
                };
                let expected = looks.iter().zip(places).map(back).sum::<f32>() / 5.0;
                assert!((found - expected).abs() < 1e-3, "{coordinate:?}: {found}, not {expected}");
                let plain = looks[0][face].get(coordinate).unwrap();
                different += usize::from((found - plain).abs() > 1e-2);
            }
        }
        assert!(different > 0, "five looks say what one does");
    }
}

#[test]
fn looks_far_beside_the_face_are_refused() {
    let (dataset, split) = faces(60);
    let folder = tempfile::tempdir().unwrap();
    let run = RunFolder::new(folder.path().join("run"));
    let config = TrainConfig { shift_average: 9, ..config(1) };
    let training = Training::new(&dataset, split, config);
    let error = training.run(&run, &Device::flex(), &mut NoObserver).unwrap_err();
    assert!(matches!(error, TrainError::InvalidConfig { field: "shift_average", .. }), "{error}");
}
