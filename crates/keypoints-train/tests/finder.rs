//! Training a face finder.

use burn::tensor::Device;
use keypoints_data::synth::{SynthConfig, generate, scenery};
use keypoints_finder::planes::{Octaves, Plane};
use keypoints_finder::search::SHORTEST;
use keypoints_train::TrainError;
use keypoints_train::finder::{Face, FinderConfig, FinderProgress, FinderTraining, RoundsConfig};

fn faces() -> Vec<Face> {
    let set = generate(&SynthConfig { training: 40, test: 1, ..Default::default() });
    Face::of_dataset(&set.training)
}

fn negatives() -> Vec<Octaves> {
    let draw = |seed| Plane::new(120, &scenery(seed, 120, 90));
    (0..4).filter_map(draw).map(|plane| Octaves::new(plane, SHORTEST)).collect()
}

fn config() -> FinderConfig {
    let rounds = |rate| RoundsConfig { rounds: 2, steps: 5, batch: 16, rate };
    FinderConfig { seed: 3, proposer: rounds(0.02), verifier: rounds(0.01) }
}

#[test]
fn a_killed_training_goes_on_to_the_same_bits() {
    let (faces, negatives, device) = (faces(), negatives(), Device::flex());
    assert!(faces.len() > 30, "{} of 40 faces have labels that fit", faces.len());
    let training = FinderTraining { config: config(), faces: &faces, negatives: &negatives };
    let place = tempfile::tempdir().expect("a folder");
    let [whole, killed] = ["whole", "killed"].map(|name| place.path().join(name));
    let mut steps = 0;
    let networks = training
        .run(&whole, &device, &mut |progress| {
            steps += usize::from(matches!(progress, FinderProgress::Found { .. }));
        })
        .expect("trains");
    // Before the proposer's second round, before the verifier's first and second.
    assert_eq!(steps, 3);
    let bytes = networks.to_bytes(false).expect("weights");
    assert!(std::fs::read(whole.join("round-4.safetensors")).expect("a round") == bytes);

    // What a process leaves that was killed in its second round, and in its fourth.
    for last in [1, 3] {
        let _ = std::fs::remove_dir_all(&killed);
        std::fs::create_dir(&killed).expect("a folder");
        for file in ["finder.json".to_owned(), format!("round-{last}.safetensors")] {
            std::fs::copy(whole.join(&file), killed.join(&file)).expect("a copy");
        }
        let again = training.run(&killed, &device, &mut |_| ()).expect("goes on");
        assert!(again.to_bytes(false).expect("weights") == bytes, "after round {last}");
    }
}

#[test]
fn another_training_does_not_go_on_in_the_folder() {
    let (faces, negatives, device) = (faces(), negatives(), Device::flex());
    let rounds = RoundsConfig { rounds: 1, steps: 1, batch: 4, rate: 0.01 };
    let config = FinderConfig { seed: 1, proposer: rounds.clone(), verifier: rounds };
    let training = FinderTraining { config, faces: &faces, negatives: &negatives };
    let place = tempfile::tempdir().expect("a folder");
    training.run(place.path(), &device, &mut |_| ()).expect("trains");

    let config = FinderConfig { seed: 2, ..training.config.clone() };
    let other = FinderTraining { config, ..training };
    let error = other.run(place.path(), &device, &mut |_| ()).expect_err("another seed");
    assert!(matches!(error, TrainError::RunMismatch { what: "config", .. }), "{error}");
    let fewer = FinderTraining {
        config: FinderConfig { seed: 1, ..other.config.clone() },
        faces: &faces[1..],
        negatives: &negatives,
    };
    let error = fewer.run(place.path(), &device, &mut |_| ()).expect_err("another face");
    assert!(matches!(error, TrainError::RunMismatch { what: "set of pictures", .. }), "{error}");
}

#[test]
fn a_training_without_pictures_or_steps_is_refused() {
    let (faces, negatives, device) = (faces(), negatives(), Device::flex());
    let place = tempfile::tempdir().expect("a folder");
    let refused = |training: FinderTraining<'_>, text: &str| {
        let error = training.run(place.path(), &device, &mut |_| ()).expect_err(text).to_string();
        assert!(error.contains(text), "{error}");
        assert_eq!(
            std::fs::read_dir(place.path()).expect("a folder").count(),
            0,
            "nothing written"
        );
    };
    refused(FinderTraining { config: config(), faces: &[], negatives: &negatives }, "faces");
    refused(FinderTraining { config: config(), faces: &faces, negatives: &[] }, "negatives");
    let mut config = config();
    config.verifier.steps = 0;
    refused(FinderTraining { config, faces: &faces, negatives: &negatives }, "steps");
}
