//! How often a face is looked at.

use clap::Args;
use keypoints_train::{AnyPredictor, Looks};

/// Test-time averaging.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct LooksArgs {
    /// Answer with the mean of so many looks at a face: 1, 2 (with its mirror image), 5 (at places 2 pixels apart) or 10 (both)
    /// [default: as in the training's settings].
    #[arg(long, value_name = "N", value_parser = parse)]
    pub looks: Option<Looks>,
}

fn parse(text: &str) -> Result<Looks, String> {
    let looks = text.parse().ok().and_then(Looks::of_count);
    let counts = Looks::COUNTS.map(|count| count.to_string()).join(", ");
    looks.ok_or_else(|| format!("expected one of {counts}"))
}

impl LooksArgs {
    /// The same with as many looks as the flag says.
    #[must_use]
    pub fn of(self, predictor: AnyPredictor) -> AnyPredictor {
        match self.looks {
            Some(looks) => predictor.with_looks(looks),
            None => predictor,
        }
    }
}
