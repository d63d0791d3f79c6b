use super::*;
use burn::tensor::Device;
use keypoints_core::hold_out;
use keypoints_data::synth::{SynthConfig, generate};
use keypoints_train::strategy::StrategyConfig;
use keypoints_train::{StepInfo, TrainConfig, TrainObserver, Training};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Dies at its first step.
struct Killed;

impl TrainObserver for Killed {
    fn on_step(&mut self, _step: &StepInfo) {
        panic!("killed");
    }
}

#[test]
fn a_run_has_a_report_before_its_first_epoch() {
    let small = SynthConfig { training: 40, test: 1, ..Default::default() };
    let faces = generate(&small).training;
    let split = hold_out(&faces, 0.2, 1).unwrap();
    let place = tempfile::tempdir().unwrap();
    for strategy in ["masked", "two_models"] {
        let run = RunFolder::new(place.path().join(strategy));
        let config = TrainConfig {
            strategy: StrategyConfig::by_name(strategy).unwrap(),
            batch_size: 4,
            ..TrainConfig::default()
        };
        let training = Training::new(&faces, split.clone(), config);
        let killed = || training.run(&run, &Device::flex(), &mut Killed);
        assert!(catch_unwind(AssertUnwindSafe(killed)).is_err());
        // A folder that somebody else has put there is no network.
        std::fs::create_dir_all(run.path().join("models/notes")).unwrap();
        let page = std::fs::read_to_string(write_run_report(&run).unwrap()).unwrap();
        assert!(page.contains("Training") && !page.contains("notes"), "{strategy}");
    }
}
