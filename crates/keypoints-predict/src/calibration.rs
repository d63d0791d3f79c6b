//! From the spread of a heat map to a calibrated uncertainty in pixels.

use keypoints_core::{Named, Schema, Source};
use serde::{Deserialize, Serialize};

/// The share of points that lie within their uncertainty: that of a normal distribution within one standard deviation.
const SHARE: f64 = 0.68;

/// As many points as a table has entries at most, and as many as each entry is measured on at least.
const MOST_ENTRIES: usize = 20;
const FEWEST_POINTS: usize = 100;

/// Calibration of the uncertainty: a table per label source, from the standard deviation of a point's heat map to the distance within
/// which 68 % of predictions lie from their labels. It is measured on held-out rows.
///
/// As JSON, `{ "full": [[2.1, 0.6], [3.0, 1.4]] }`: spreads and distances in pixels of the picture, both rising.
///
/// ```
/// use keypoints_core::{Schema, kaggle15};
/// use keypoints_predict::{Calibration, CalibrationPoint};
///
/// // Held-out points: the wider a heat map, the further the prediction is from its label.
/// let point = |at: u16| CalibrationPoint {
///     source: kaggle15::FULL,
///     spread: 2.0 + f32::from(at % 50) / 25.0,
///     distance: f32::from(at % 50) / 25.0,
/// };
/// let points: Vec<CalibrationPoint> = (0..1000).map(point).collect();
/// let schema = Schema::kaggle15();
/// let calibration = Calibration::fit(&schema, &points).ok_or("too few points")?;
///
/// let narrow = calibration.distance(&schema, kaggle15::FULL, 2.5);
/// let wide = calibration.distance(&schema, kaggle15::FULL, 3.5);
/// assert!((0.4..0.7).contains(&narrow) && (1.4..1.7).contains(&wide));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Named<Vec<[f32; 2]>>", into = "Named<Vec<[f32; 2]>>")]
pub struct Calibration(Named<Vec<[f32; 2]>>);

/// A held-out point: how wide its heat map is, and how far its prediction lies from its label. In pixels of the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CalibrationPoint {
    /// Who labelled it.
    pub source: Source,
    /// The standard deviation of its heat map.
    pub spread: f32,
    /// The distance of the prediction from the label.
    pub distance: f32,
}

impl Calibration {
    /// Measures the tables. A source with fewer than a hundred points gets the table of all points; `None` where these are fewer than a
    /// hundred too.
    pub fn fit(schema: &Schema, points: &[CalibrationPoint]) -> Option<Self> {
        let all = table(points)?;
        let of = |source: Source| {
            let own = points.iter().copied().filter(|one| one.source == source);
            let own = table(&own.collect::<Vec<_>>()).unwrap_or_else(|| all.clone());
            (schema.source(source).name().to_owned(), own)
        };
        Some(Self(schema.source_indices().map(of).collect()))
    }

    /// Whether it has a table for every label source of the schema.
    pub fn fits(&self, schema: &Schema) -> bool {
        schema.sources().iter().all(|source| self.0.get(source.name()).is_some())
    }

    /// The table of a source, or the first one where that has none.
    pub(crate) fn table(&self, schema: &Schema, source: Source) -> Option<&[[f32; 2]]> {
        let own = self.0.get(schema.source(source).name());
        own.or_else(|| self.0.iter().next().map(|(_, first)| first)).map(Vec::as_slice)
    }

    /// The distance in pixels within which 68 % of predictions lie from where the source marks the point, by the spread of the
    /// heat map. Linear between the entries of the table; below the first that of the first, beyond the last proportional to the
    /// spread.
    pub fn distance(&self, schema: &Schema, source: Source, spread: f32) -> f32 {
        let Some(table) = self.table(schema, source) else { return spread };
        let beyond = table.partition_point(|[at, _]| *at <= spread);
        match (beyond.checked_sub(1).map(|last| table[last]), table.get(beyond)) {
            (Some([from, low]), Some([to, high])) => {
                low + (high - low) * (spread - from) / (to - from)
            }
            (None, Some([_, first])) => *first,
            (Some([at, last]), None) => last * spread / at,
            (None, None) => spread,
        }
    }
}

impl TryFrom<Named<Vec<[f32; 2]>>> for Calibration {
    type Error = String;

    fn try_from(tables: Named<Vec<[f32; 2]>>) -> Result<Self, String> {
        let good = |[spread, distance]: &[f32; 2]| {
            *spread > 0.0 && spread.is_finite() && *distance >= 0.0 && distance.is_finite()
        };
        if tables.is_empty() {
            return Err("a calibration has a table for at least one label source".to_owned());
        }
        let rises = |pair: &[[f32; 2]]| pair[0][0] < pair[1][0] && pair[0][1] <= pair[1][1];
        for (source, table) in tables.iter() {
            if table.is_empty() || !table.iter().all(good) || !table.windows(2).all(rises) {
                return Err(format!(
                    "the calibration of `{source}` is not a list of rising spreads and distances"
                ));
            }
        }
        Ok(Self(tables))
    }
}

impl From<Calibration> for Named<Vec<[f32; 2]>> {
    fn from(calibration: Calibration) -> Self {
        calibration.0
    }
}

/// The table of some points; `None` where they are too few.
fn table(points: &[CalibrationPoint]) -> Option<Vec<[f32; 2]>> {
    let usable = |one: &&CalibrationPoint| {
        one.spread > 0.0 && one.spread.is_finite() && one.distance.is_finite()
    };
    let mut points: Vec<&CalibrationPoint> = points.iter().filter(usable).collect();
    let entries = (points.len() / FEWEST_POINTS).min(MOST_ENTRIES);
    if entries == 0 {
        return None;
    }
    points.sort_by(|a, b| a.spread.total_cmp(&b.spread).then(a.distance.total_cmp(&b.distance)));
    let mut pools: Vec<Pool> = Vec::new();
    for entry in 0..entries {
        let part = points.len() * entry / entries..points.len() * (entry + 1) / entries;
        let mut pool = Pool::of(&points[part]);
        // What a wider map promises may be no less: parts that say otherwise count as one.
        while let Some(last) = pools.pop_if(|last| last.entry()[1] > pool.entry()[1]) {
            pool = last.with(pool);
        }
        pools.push(pool);
    }
    let mut table: Vec<[f32; 2]> = pools.iter().map(Pool::entry).collect();
    table.dedup_by(|next, last| next[0] <= last[0]);
    Some(table)
}

/// Points whose maps are about equally wide.
struct Pool {
    spreads: Vec<f32>,
    /// Ascending.
    distances: Vec<f32>,
}

impl Pool {
    fn of(points: &[&CalibrationPoint]) -> Self {
        let spreads = points.iter().map(|one| one.spread).collect();
        Self { spreads, distances: points.iter().map(|one| one.distance).collect() }.sorted()
    }

    fn with(mut self, next: Self) -> Self {
        self.spreads.extend(next.spreads);
        self.distances.extend(next.distances);
        self.sorted()
    }

    fn sorted(mut self) -> Self {
        self.distances.sort_by(f32::total_cmp);
        self
    }

    /// The middle one of the spreads, and the distance within which the share of points lies.
    fn entry(&self) -> [f32; 2] {
        let within = (self.distances.len() as f64 * SHARE) as usize;
        [self.spreads[self.spreads.len() / 2], self.distances[within.min(self.distances.len() - 1)]]
    }
}

#[cfg(test)]
mod tests;
