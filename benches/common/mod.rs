//! What the benchmarks share.

use std::time::Duration;

use criterion::Criterion;

/// Few samples: each is long enough to be steady, and the whole set should run in minutes.
pub(crate) fn criterion() -> Criterion {
    Criterion::default()
        .sample_size(15)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
}
