//! Test-time augmentation.

use clap::Args;
use keypoints_predict::TestTimeAugmentation;
use keypoints_study::AnyPredictor;

/// Test-time augmentation.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct TtaArgs {
    /// Average the predictions for so many versions of a face: 1, 2 (with its mirror image), 5 (at places 2 pixels apart) or 10
    /// (both) [default: as in the training's settings].
    #[arg(long, value_name = "N", alias = "looks", value_parser = parse)]
    pub tta: Option<TestTimeAugmentation>,
}

fn parse(text: &str) -> Result<TestTimeAugmentation, String> {
    let tta = text.parse().ok().and_then(TestTimeAugmentation::of_count);
    let counts = TestTimeAugmentation::COUNTS.map(|count| count.to_string()).join(", ");
    tta.ok_or_else(|| format!("expected one of {counts}"))
}

impl TtaArgs {
    /// Returns the predictor with the test-time augmentation of the flag.
    #[must_use]
    pub fn of(self, predictor: AnyPredictor) -> AnyPredictor {
        match self.tta {
            Some(tta) => predictor.with_tta(tta),
            None => predictor,
        }
    }
}
