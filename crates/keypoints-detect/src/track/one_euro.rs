//! The One-Euro filter.

use std::f64::consts::TAU;

/// The settings of a One-Euro filter (Casiez, Roussel and Vogel, CHI 2012): a low-pass filter whose cutoff rises with the speed, so that
/// what rests does not jitter and what moves does not lag.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OneEuro {
    /// The cutoff at rest, in hertz. A lower one leaves less jitter and more lag.
    pub min_cutoff: f64,
    /// How much the cutoff rises with the speed: hertz per unit of length and second. A higher one leaves less lag and more jitter.
    pub beta: f64,
    /// The cutoff of the low-pass filter that the speed goes through, in hertz.
    pub speed_cutoff: f64,
}

impl OneEuro {
    /// The cutoff at a speed, in hertz.
    fn cutoff(&self, speed: f64) -> f64 {
        self.min_cutoff + self.beta * speed.abs()
    }
}

/// One number that is smoothed over time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OneEuroFilter {
    /// The last number as it came.
    raw: f64,
    smooth: f64,
    /// In units of length per second.
    speed: f64,
    /// How many numbers have come.
    seen: u32,
}

impl OneEuroFilter {
    /// A filter that has seen one number.
    pub(crate) fn new(value: f64) -> Self {
        Self { raw: value, smooth: value, speed: 0.0, seen: 1 }
    }

    /// The last number, smoothed.
    pub(crate) fn value(&self) -> f64 {
        self.smooth
    }

    /// Takes the next number, `step` seconds after the last one, and returns it smoothed. `unit` is the length that speeds are measured
    /// in, in the number's own unit.
    ///
    /// In the beginning the result is the mean of what has come, until that is slower than the filter: the first number has no more weight
    /// than the others.
    pub(crate) fn next(&mut self, settings: &OneEuro, value: f64, unit: f64, step: f64) -> f64 {
        let speed = (value - self.raw) / (unit * step);
        self.raw = value;
        self.speed += share(settings.speed_cutoff, step) * (speed - self.speed);
        self.seen = self.seen.saturating_add(1);
        let of_mean = 1.0 / f64::from(self.seen);
        let share = share(settings.cutoff(self.speed), step).max(of_mean);
        self.smooth += share * (value - self.smooth);
        self.smooth
    }
}

/// The share of the way to a new number that a low-pass filter goes in a step of so many seconds.
fn share(cutoff: f64, step: f64) -> f64 {
    // Also right for a step without end.
    1.0 - 1.0 / (1.0 + TAU * cutoff * step)
}

#[cfg(test)]
mod tests;
