use super::*;
use keypoints_train::strategy::ModelId;

#[test]
fn time_is_left_for_what_is_left() {
    let training = TrainSession {
        model: ModelId::only(),
        epochs: 4,
        finished_epochs: 0,
        finished: false,
        steps_per_epoch: 10,
        training_rows: 100,
        validation_rows: 0,
        parameters: 1,
    };
    let step = StepInfo {
        epoch: 2,
        step: 5,
        train_rmse: 1.0,
        learning_rate: 1.0,
        images_per_second: 50.0,
    };
    assert_eq!(seconds_left(&training, &step), 5.0);

    // What an earlier process has trained counts, too.
    let mut progress = StudyProgress::new();
    progress.on_study(&StudySession { cells: 4, own: 4 });
    progress.number = 1;
    progress.on_result(&CellResult { seconds: 120.0, ..Default::default() });
    assert_eq!(progress.left(), "6 minutes");
}
