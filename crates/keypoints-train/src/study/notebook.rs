//! The published scores to stand beside ours.

/// The notebook's score on Kaggle (RMSE in pixels, on the competition's test set) for a strategy and a network, where it has one.
///
/// These are not the same measurement as ours: ours are on held-out training rows, and the notebook's four rows with the
/// six-convolution network come from training on its *validation* split, 20 % of the rows.
///
/// ```
/// use keypoints_train::study::notebook_score;
///
/// assert_eq!(notebook_score("forward_fill", "simple_cnn"), Some(2.84));
/// assert_eq!(notebook_score("masked", "simple_cnn"), None); // it did not try
/// ```
pub fn notebook_score(strategy: &str, network: &str) -> Option<f64> {
    match (strategy, network) {
        ("drop_incomplete", "simple_cnn") => Some(3.36),
        ("forward_fill", "simple_cnn") => Some(2.84),
        ("pseudo_labels", "simple_cnn") => Some(2.81),
        ("two_models", "simple_cnn") => Some(2.54),
        ("two_models", "efficientnet_b0") => Some(1.93),
        _ => None,
    }
}
