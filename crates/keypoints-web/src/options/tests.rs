use super::*;

#[test]
fn what_is_left_out_is_as_by_default() {
    assert_eq!(tracker_settings(None, None).unwrap(), TrackerSettings::default());
    assert_eq!(tracker_settings(None, Some(true)).unwrap(), TrackerSettings::default());
}

#[test]
fn searches_are_whole_frames_apart() {
    for bad in [0.0, -3.0, 1.5, f64::NAN, f64::INFINITY, 1e12] {
        let error = tracker_settings(Some(bad), None).unwrap_err();
        assert!(error.to_string().starts_with(&format!("`searchEvery` is {bad};")), "{error}");
    }
    assert_eq!(tracker_settings(Some(1.0), None).unwrap().search_every, NonZeroUsize::new(1));
}
