//! How the learning rate moves over a run.

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

/// The course of the learning rate, as a factor on the configured (peak) rate.
///
/// A pure function of the step: a resumed run needs no saved scheduler state to go on exactly where it was.
/// (Burn's schedulers carry state, and there is no one-cycle among them.)
///
/// ```
/// use keypoints_train::Schedule;
///
/// let schedule = Schedule::Cosine { warmup: 0.1 };
/// assert!(schedule.factor(0, 100) < 0.2); // warming up
/// assert_eq!(schedule.factor(10, 100), 1.0); // the peak
/// assert!(schedule.factor(99, 100) < 0.001); // the end
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Schedule {
    /// The same rate throughout.
    Constant,
    /// A linear climb over the first `warmup` share of the steps, then half a cosine wave down to zero.
    Cosine {
        /// Share of the steps spent climbing, in `0..1`.
        warmup: f64,
    },
    /// Cosine climb from 1/25 of the peak over the first `rise` share of the steps, cosine fall to 1/250,000.
    ///
    /// Source: Smith and Topin, "Super-Convergence" (2018), with PyTorch's `OneCycleLR` defaults.
    OneCycle {
        /// Share of the steps spent rising, in `0..1`.
        rise: f64,
    },
}

/// One-cycle starts at the peak divided by this…
const ONE_CYCLE_START: f64 = 1.0 / 25.0;
/// …and ends at the start divided by 10,000.
const ONE_CYCLE_END: f64 = ONE_CYCLE_START / 1e4;

impl Schedule {
    /// The factor at a step, counted from 0, of a run of `total` steps; in `0..=1`.
    pub fn factor(&self, step: usize, total: usize) -> f64 {
        let total = total.max(1) as f64;
        let step = (step as f64).min(total - 1.0);
        match *self {
            Self::Constant => 1.0,
            Self::Cosine { warmup } => {
                let climb = (warmup * total).round();
                if step < climb {
                    (step + 1.0) / (climb + 1.0)
                } else {
                    cosine(1.0, 0.0, (step - climb) / (total - climb).max(1.0))
                }
            }
            Self::OneCycle { rise } => {
                let top = (rise * total).round();
                if step < top {
                    cosine(ONE_CYCLE_START, 1.0, step / top)
                } else {
                    cosine(1.0, ONE_CYCLE_END, (step - top) / (total - 1.0 - top).max(1.0))
                }
            }
        }
    }

    /// The share of steps that the rate climbs, for checking.
    pub(crate) fn climbing_share(&self) -> f64 {
        match *self {
            Self::Constant => 0.0,
            Self::Cosine { warmup } => warmup,
            Self::OneCycle { rise } => rise,
        }
    }
}

/// Half a cosine wave from `from` (at 0) to `to` (at 1).
fn cosine(from: f64, to: f64, progress: f64) -> f64 {
    to + (from - to) * 0.5 * (1.0 + (PI * progress.clamp(0.0, 1.0)).cos())
}

#[cfg(test)]
mod tests;
