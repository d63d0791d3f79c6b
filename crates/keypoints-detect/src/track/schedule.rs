//! When faces are searched for.

use std::num::NonZeroUsize;

/// Tells in which frames faces are searched for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Schedule {
    /// Frames since the last search.
    since: usize,
    /// Frames from the last search to the next one.
    pause: usize,
    /// The pause after the next search that finds nothing.
    idle_pause: usize,
}

/// What a search has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// There are faces, and the finder has seen each.
    Faces,
    /// There is a face that the finder has not seen.
    Doubt,
    /// There is no face.
    Nobody,
}

impl Schedule {
    /// Searches in the first frame.
    pub(crate) fn new() -> Self {
        Self { since: 0, pause: 0, idle_pause: 1 }
    }

    /// Whether this frame's turn has come.
    pub(crate) fn is_due(&self) -> bool {
        self.since >= self.pause
    }

    /// A frame has passed without a search.
    pub(crate) fn pass(&mut self) {
        self.since = self.since.saturating_add(1);
    }

    /// A frame has been searched. With a doubt the next one is, too. While there is nobody, the pauses grow from one frame to `every` frames.
    pub(crate) fn searched(&mut self, outcome: Outcome, every: NonZeroUsize) {
        let every = every.get();
        self.since = 1;
        self.pause = match outcome {
            Outcome::Faces => every,
            Outcome::Doubt => 1,
            Outcome::Nobody => self.idle_pause.min(every),
        };
        self.idle_pause = match outcome {
            Outcome::Nobody => self.pause.saturating_mul(2),
            Outcome::Faces | Outcome::Doubt => 1,
        };
    }
}

#[cfg(test)]
mod tests;
