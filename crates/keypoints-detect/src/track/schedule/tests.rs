use super::*;

/// The frames that are searched if every search comes to the same.
fn searched(outcome: Outcome, every: usize, frames: usize) -> Vec<usize> {
    let mut schedule = Schedule::new();
    let search = |frame: usize| {
        let due = schedule.is_due();
        match due {
            true => schedule.searched(outcome, NonZeroUsize::new(every).unwrap()),
            false => schedule.pass(),
        }
        due.then_some(frame)
    };
    (0..frames).filter_map(search).collect()
}

#[test]
fn faces_are_searched_for_at_equal_distances() {
    assert_eq!(searched(Outcome::Faces, 10, 31), [0, 10, 20, 30]);
    assert_eq!(searched(Outcome::Faces, 1, 4), [0, 1, 2, 3]);
}

#[test]
fn a_doubt_is_settled_in_the_next_frame() {
    assert_eq!(searched(Outcome::Doubt, 10, 3), [0, 1, 2]);
}

#[test]
fn an_empty_scene_is_searched_less_and_less() {
    assert_eq!(searched(Outcome::Nobody, 10, 46), [0, 1, 3, 7, 15, 25, 35, 45]);
    assert_eq!(searched(Outcome::Nobody, 1, 4), [0, 1, 2, 3]);
}
