//! Scores of several ways in numbers.

/// One line of [`score_dots`](crate::score_dots()), for example a strategy.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScoreRow {
    /// Beside the row; a long name takes several lines.
    pub name: String,
    /// One list of scores per series, one score per seed or fold. What is not finite is left out.
    pub scores: Vec<Vec<f64>>,
    /// What others report: a hollow mark.
    pub reference: Option<f64>,
}

impl ScoreRow {
    /// A row with the scores of the first series.
    pub fn new(name: impl Into<String>, scores: impl IntoIterator<Item = f64>) -> Self {
        let scores = vec![scores.into_iter().collect()];
        Self { name: name.into(), scores, reference: None }
    }

    /// The same row with the scores of one more series.
    #[must_use]
    pub fn and(mut self, scores: impl IntoIterator<Item = f64>) -> Self {
        self.scores.push(scores.into_iter().collect());
        self
    }

    /// The same row with what others report.
    #[must_use]
    pub fn reference(self, score: f64) -> Self {
        Self { reference: Some(score), ..self }
    }
}

/// How [`score_dots`](crate::score_dots()) looks.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoreOptions {
    /// Above the picture; none if empty.
    pub title: String,
    /// Below the picture, with the unit.
    pub x_label: String,
    /// The series in the legend: `raw`, `without mislabelled rows`. A series without a name is drawn, but
    /// not in the legend.
    pub series: Vec<String>,
    /// The hollow marks in the legend: `published on Kaggle`.
    pub reference: String,
    /// Digits after the point of the means.
    pub decimals: usize,
    /// Width in pixels; the height follows from the number of rows.
    pub width: u32,
}

impl Default for ScoreOptions {
    fn default() -> Self {
        Self {
            title: "Scores".to_owned(),
            x_label: "weighted RMSE, pixels".to_owned(),
            series: Vec::new(),
            reference: "reference".to_owned(),
            decimals: 3,
            width: 920,
        }
    }
}
