//! TPE: one optimizer of the `tpe` crate per parameter.

use keypoints_train::settings::Parameters;
use rand_chacha::ChaCha8Rng;
use serde_json::Value;
use tpe::{TpeOptimizer, histogram_estimator, parzen_estimator};

use super::proposer::Tried;
use super::space::Space;
use super::spaces::Spaces;

/// Proposes a value per parameter, given the ended trials in a fixed order.
///
/// The optimizers are made anew for every proposal and told all trials, so a search that goes on after a kill needs nothing but
/// the results.
pub(super) fn propose(parameters: &Spaces, told: &[&Tried], rng: &mut ChaCha8Rng) -> Parameters {
    let one = |(name, space): (&String, &Space)| {
        // A range that is empty in the estimator's numbers leaves it nothing to estimate.
        let value = ask(name, space, told, rng).unwrap_or_else(|| space.draw(rng));
        (name.clone(), value)
    };
    parameters.iter().map(one).collect()
}

fn ask(name: &str, space: &Space, told: &[&Tried], rng: &mut ChaCha8Rng) -> Option<Value> {
    let (estimator, low, high) = match space {
        Space::Values(values) => (histogram_estimator(), 0.0, values.len() as f64),
        Space::Uniform([low, high]) => (parzen_estimator(), *low, *high),
        Space::LogUniform([low, high]) => (parzen_estimator(), low.ln(), high.ln()),
        Space::Integer([low, high]) => (parzen_estimator(), *low as f64, *high as f64 + 1.0),
    };
    let range = tpe::range(low, high).ok()?;
    let mut optimizer = TpeOptimizer::new(estimator, range);
    for trial in told {
        let Some(number) = trial.set.get(name).and_then(|value| encode(space, value)) else {
            continue;
        };
        // The upper end belongs to our ranges and not to the estimator's.
        let number = number.clamp(range.start(), range.end().next_down());
        let score = trial.score.unwrap_or(f64::INFINITY);
        // Refused would be a score that is NaN: no record has one, and a trial less is no harm.
        optimizer.tell(number, score).ok();
    }
    match optimizer.ask(rng) {
        Ok(number) => decode(space, number),
        Err(never) => match never {},
    }
}

/// A value as the estimator's number.
pub(super) fn encode(space: &Space, value: &Value) -> Option<f64> {
    match space {
        Space::Values(values) => values.iter().position(|one| one == value).map(|at| at as f64),
        Space::Uniform(_) => value.as_f64(),
        Space::LogUniform(_) => value.as_f64().map(f64::ln),
        // The middle of the number's unit interval.
        Space::Integer(_) => value.as_f64().map(|value| value + 0.5),
    }
}

/// The reverse of [`encode`], inside the space whatever was rounded.
pub(super) fn decode(space: &Space, number: f64) -> Option<Value> {
    match space {
        Space::Values(values) => values.get(number as usize).cloned(),
        Space::Uniform([low, high]) => Some(number.clamp(*low, *high).into()),
        Space::LogUniform([low, high]) => Some(number.exp().clamp(*low, *high).into()),
        Space::Integer([low, high]) => Some((number.floor() as i64).clamp(*low, *high).into()),
    }
}
