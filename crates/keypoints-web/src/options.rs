//! What can be set of a tracker.

use std::num::NonZeroUsize;

use keypoints_detect::TrackerSettings;

use crate::error::WebError;

/// Settings from what a page gives; what it leaves out is as [`TrackerSettings::default`] has it.
///
/// ```
/// let settings = keypoints_web::tracker_settings(Some(5.0), Some(false))?;
/// assert_eq!(settings.search_every.map(usize::from), Some(5));
/// assert!(settings.smoothing.is_none());
/// # Ok::<(), keypoints_web::WebError>(())
/// ```
///
/// # Errors
/// [`WebError::SearchEvery`] if `search_every` is no whole number from 1 on.
pub fn tracker_settings(
    search_every: Option<f64>,
    smooth: Option<bool>,
) -> Result<TrackerSettings, WebError> {
    let mut settings = TrackerSettings::default();
    if let Some(every) = search_every {
        let is_whole = every.fract() == 0.0 && every <= f64::from(u32::MAX);
        let whole = NonZeroUsize::new(every as usize).filter(|_| is_whole);
        settings.search_every = Some(whole.ok_or(WebError::SearchEvery(every))?);
    }
    if smooth == Some(false) {
        settings.smoothing = None;
    }
    Ok(settings)
}

#[cfg(test)]
mod tests;
