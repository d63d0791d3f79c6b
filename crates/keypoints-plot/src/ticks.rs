//! Where an axis has its marks.

/// The marks of a linear axis that covers `low..=high`: steps of 1, 2 or 5 times a power of ten, at
/// most `most` of them.
pub(crate) fn linear(low: f64, high: f64, most: usize) -> Vec<f64> {
    let wanted = (high - low) / most.max(1) as f64;
    if !wanted.is_finite() || wanted <= 0.0 {
        return vec![low];
    }
    let power = 10f64.powf(wanted.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .map(|factor| factor * power)
        .into_iter()
        .find(|&step| step >= wanted * (1.0 - 1e-9))
        .unwrap_or(10.0 * power);
    let (first, last) = ((low / step - 1e-9).ceil() as i64, (high / step + 1e-9).floor() as i64);
    (first..=last).map(|at| at as f64 * step).collect()
}

/// The marks of a logarithmic axis that covers `low..=high`, both above zero: powers of ten, and their
/// double and fivefold where there is room.
pub(crate) fn logarithmic(low: f64, high: f64) -> Vec<f64> {
    let decades = (high / low).log10();
    let factors: &[f64] = match decades {
        wide if wide > 4.0 => &[1.0],
        wide if wide > 0.8 => &[1.0, 2.0, 5.0],
        _ => return linear(low, high, 6),
    };
    let (first, last) = (low.log10().floor() as i32, high.log10().ceil() as i32);
    (first..=last)
        .flat_map(|power| factors.iter().map(move |factor| factor * 10f64.powi(power)))
        .filter(|mark| (low * (1.0 - 1e-9)..=high * (1.0 + 1e-9)).contains(mark))
        .collect()
}

/// A number as short as it can be beside numbers that are `step` apart.
pub(crate) fn label(value: f64, step: f64) -> String {
    let text = if !(1e-4..1e7).contains(&value.abs()) && value != 0.0 {
        format!("{value:e}")
    } else {
        let digits = (-(step.abs().log10()).floor()).clamp(0.0, 6.0) as usize;
        format!("{value:.digits$}")
    };
    // A proper minus sign is as wide as a plus.
    text.strip_prefix('-').map_or_else(|| text.clone(), |rest| format!("−{rest}"))
}

/// Four significant digits, without zeros at the end.
pub(crate) fn significant(value: f64) -> String {
    let digits = (3.0 - value.abs().max(1e-9).log10().floor()).clamp(0.0, 12.0) as usize;
    let text = format!("{value:.digits$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// Numbers of quite different sizes in one notation: `0.05`, or `5e-2` if one of them is very small or
/// very large.
pub(crate) fn labels_of_factors(values: &[f64]) -> Vec<String> {
    if values.iter().all(|value| (1e-3..1e5).contains(value)) {
        return values.iter().map(|&value| significant(value)).collect();
    }
    let scientific = |value: &f64| {
        // Few digits, so that what is a sum of powers of two does not show.
        let text = format!("{value:.3e}");
        let (digits, power) = text.split_once('e').unwrap_or((&text, "0"));
        format!("{}e{power}", digits.trim_end_matches('0').trim_end_matches('.'))
    };
    values.iter().map(scientific).collect()
}

/// The smallest and the largest; the wrong way round if there is none.
pub(crate) fn extent(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), one| (low.min(one), high.max(one)))
}

#[cfg(test)]
mod tests;
