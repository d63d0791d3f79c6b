//! One of each group of findings that are the same.

/// Sorts by score, the highest first, and keeps what is not the same as something with a higher score (greedy non-maximum suppression).
///
/// ```
/// use keypoints_finder::keep_best;
///
/// let places = vec![(1.0, 0.3), (5.0, 0.9), (5.5, 0.8)];
/// let kept = keep_best(places, |one| one.1, |one, other| f64::abs(one.0 - other.0) < 1.0);
/// assert_eq!(kept, [(5.0, 0.9), (1.0, 0.3)]);
/// ```
pub fn keep_best<T>(
    mut all: Vec<T>,
    score: impl Fn(&T) -> f32,
    is_same: impl Fn(&T, &T) -> bool,
) -> Vec<T> {
    all.sort_by(|one, other| score(other).total_cmp(&score(one)));
    let mut kept: Vec<T> = Vec::new();
    for one in all {
        if !kept.iter().any(|better| is_same(better, &one)) {
            kept.push(one);
        }
    }
    kept
}
