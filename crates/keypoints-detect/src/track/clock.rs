//! The time between frames.

/// The step where no two frames have told it, in seconds.
const USUAL_STEP: f64 = 1.0 / 30.0;

/// The shortest step, in seconds. In less, nothing moves.
const SHORTEST_STEP: f64 = 1e-6;

/// The times of the last frames.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    last: Option<f64>,
    step: f64,
}

impl Clock {
    pub(crate) fn new() -> Self {
        Self { last: None, step: USUAL_STEP }
    }

    /// Goes on to the time of a frame and returns how many seconds have passed. Where the time does not grow, or is not finite, that is as
    /// many as before the last frame.
    pub(crate) fn go_to(&mut self, seconds: f64) -> f64 {
        let passed = self.last.map(|last| seconds - last);
        if let Some(passed) = passed.filter(|passed| passed.is_finite() && *passed >= SHORTEST_STEP)
        {
            self.step = passed;
        }
        if seconds.is_finite() {
            self.last = Some(seconds);
        } else if let Some(last) = &mut self.last {
            *last += self.step;
        }
        self.step
    }
}

#[cfg(test)]
mod tests;
