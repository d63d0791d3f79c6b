//! A search for hyper-parameters in numbers.

/// A hyper-parameter: one panel of [`sweep_scatter`](crate::sweep_scatter()).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SweepParameter {
    /// Below the panel.
    pub name: String,
    /// Whether its values grow by factors, like a learning rate.
    pub log_scale: bool,
    /// For a choice between names, these: the values of the trials are 0 for the first, 1 for the second.
    pub choices: Vec<String>,
}

impl SweepParameter {
    /// A number on a linear axis.
    pub fn linear(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// A number above zero on a logarithmic axis.
    pub fn logarithmic(name: impl Into<String>) -> Self {
        Self { log_scale: true, ..Self::linear(name) }
    }

    /// A choice between names.
    pub fn choice<S: Into<String>>(
        name: impl Into<String>,
        choices: impl IntoIterator<Item = S>,
    ) -> Self {
        Self { choices: choices.into_iter().map(Into::into).collect(), ..Self::linear(name) }
    }

    pub(crate) fn scale(&self, value: f64) -> f64 {
        if self.is_logarithmic() { value.log10() } else { value }
    }

    pub(crate) fn is_logarithmic(&self) -> bool {
        self.log_scale && self.choices.is_empty()
    }
}

/// One trial of a search.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SweepTrial {
    /// One value per parameter, in the order of the parameters. A trial is left out of the panels of
    /// parameters for which it has no value that can be shown.
    pub values: Vec<f64>,
    /// How well it did; a trial that failed has NaN, and is only counted.
    pub score: f64,
    /// Its number, for the legend; without one, its place in the list, from 1.
    pub number: Option<usize>,
}

impl SweepTrial {
    /// A trial with its values and its score.
    pub fn new(values: impl IntoIterator<Item = f64>, score: f64) -> Self {
        Self { values: values.into_iter().collect(), score, number: None }
    }

    /// The same trial with its number.
    #[must_use]
    pub fn numbered(self, number: usize) -> Self {
        Self { number: Some(number), ..self }
    }
}

/// Which score wins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BetterScore {
    /// An error.
    #[default]
    Lower,
    /// A share of successes.
    Higher,
}
