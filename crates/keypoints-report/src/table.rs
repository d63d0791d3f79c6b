//! Tables: words to the left, numbers to the right, the best of a column in bold.

/// Which value of a column is the best.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Best {
    /// An error, a time.
    Lowest,
    /// A share of successes.
    Highest,
}

/// The head of a column, and how its cells look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    pub(crate) name: String,
    pub(crate) is_number: bool,
    pub(crate) best: Option<Best>,
}

impl Column {
    /// A column of words.
    pub fn text(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// A column of numbers, one below the other. Name the unit.
    pub fn number(name: impl Into<String>) -> Self {
        Self { name: name.into(), is_number: true, best: None }
    }

    /// The same column with its best value in bold, if there are two to choose from.
    #[must_use]
    pub fn best(self, best: Best) -> Self {
        Self { best: Some(best), ..self }
    }
}

/// What stands in a cell, and the number that it means.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    pub(crate) text: String,
    /// What the best of the column is found by.
    pub(crate) value: Option<f64>,
}

impl Cell {
    /// A number with so many digits after the point; a dash if it is not finite.
    pub fn number(value: f64, decimals: usize) -> Self {
        if !value.is_finite() {
            return Self::from("–");
        }
        // A proper minus sign is as wide as a plus.
        Self::valued(format!("{value:.decimals$}").replace('-', "−"), value)
    }

    /// Words that stand for a number: `1.63 ± 0.03`, `2 h 5 min`.
    pub fn valued(text: impl Into<String>, value: f64) -> Self {
        Self { text: text.into(), value: Some(value).filter(|value| value.is_finite()) }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self { text: text.to_owned(), value: None }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self { text, value: None }
    }
}

impl From<usize> for Cell {
    fn from(count: usize) -> Self {
        Self::valued(count.to_string(), count as f64)
    }
}

/// A table with a head. The first cell of a row names the row.
///
/// ```
/// use keypoints_report::{Best, Cell, Column, HtmlReport, Section, Table};
///
/// let columns = [Column::text("strategy"), Column::number("RMSE, px").best(Best::Lowest)];
/// let table = Table::new(columns)
///     .caption("Scores")
///     .row(["mean face".into(), Cell::number(f64::NAN, 2)])
///     .row(["drop".into(), Cell::valued("2.55 ± 0.04", 2.55)])
///     .row(["two heads".into(), Cell::number(1.6301, 2)]);
/// let html = HtmlReport::new("Table").section(Section::new("Scores").table(table)).render();
/// assert!(html.contains("<strong>1.63</strong>"));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    pub(crate) caption: String,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Vec<Cell>>,
}

impl Table {
    /// A table without rows.
    pub fn new(columns: impl IntoIterator<Item = Column>) -> Self {
        Self { columns: columns.into_iter().collect(), ..Self::default() }
    }

    /// The same table with a line above it.
    #[must_use]
    pub fn caption(self, caption: impl Into<String>) -> Self {
        Self { caption: caption.into(), ..self }
    }

    /// The same table with one more row. Cells that are missing at its end are blank; those without a
    /// column are shown without a head.
    #[must_use]
    pub fn row<C: Into<Cell>>(mut self, cells: impl IntoIterator<Item = C>) -> Self {
        self.rows.push(cells.into_iter().map(Into::into).collect());
        self
    }

    /// The same table with more rows.
    #[must_use]
    pub fn rows<R, C>(self, rows: impl IntoIterator<Item = R>) -> Self
    where
        R: IntoIterator<Item = C>,
        C: Into<Cell>,
    {
        rows.into_iter().fold(self, Self::row)
    }

    /// The best value of each column; none where there is nothing to choose from.
    pub(crate) fn best(&self) -> Vec<Option<f64>> {
        let best = |(index, column): (usize, &Column)| {
            let values = || self.rows.iter().filter_map(move |row| row.get(index)?.value);
            if values().count() < 2 {
                return None;
            }
            match column.best? {
                Best::Lowest => values().min_by(f64::total_cmp),
                Best::Highest => values().max_by(f64::total_cmp),
            }
        };
        self.columns.iter().enumerate().map(best).collect()
    }
}

#[cfg(test)]
mod tests;
