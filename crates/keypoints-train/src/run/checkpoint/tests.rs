use super::*;

#[test]
fn runs_of_older_programs_are_read() {
    for name in ["best", "answering", "selected"] {
        let text = format!(
            r#"{{ "last": 16, "{name}": 8, "best_score": 1.2, "validations_since_best": 2, "finished": true, "weights": "ea" }}"#
        );
        let index: Index = serde_json::from_str(&text).unwrap();
        assert_eq!((index.last, index.selected, index.best_score), (16, 8, Some(1.2)));
    }
}

#[test]
fn the_lowest_score_or_the_last_epoch_answers() {
    for (wanted, expected) in [(Checkpoint::Best, 2), (Checkpoint::Last, 3)] {
        let mut index = Index::default();
        let better =
            [(1, 3.0), (2, 2.0), (3, 2.5)].map(|(epoch, score)| index.note(epoch, score, wanted));
        assert_eq!((better, index.selected), ([true, true, false], expected));
        assert_eq!((index.best_score, index.validations_since_best), (Some(2.0), 1));
    }
}
