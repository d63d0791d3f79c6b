//! Predictions as CSV and JSON.

use std::fmt::Write as _;

use keypoints_core::{Keypoint, Labels};
use serde_json::{Map, Value, json};

use super::{Input, Predictions};

impl Predictions {
    fn name_column(&self) -> &'static str {
        match self.input {
            Input::TestSet(_) => "ImageId",
            Input::Photos(_) | Input::Own { .. } => "picture",
        }
    }

    /// One line per picture: its name, then a column per coordinate.
    pub fn to_csv(&self) -> String {
        let mut text = self.name_column().to_owned();
        for coordinate in &self.coordinates {
            let _ = write!(text, ",{}", self.schema.coordinate_name(*coordinate));
        }
        let uncertain = self.uncertain();
        for keypoint in &uncertain {
            let _ = write!(text, ",{}_uncertainty", self.schema.name_of(*keypoint));
        }
        text.push('\n');
        for (index, (name, face)) in self.names().iter().zip(&self.keypoints).enumerate() {
            text.push_str(&quoted(name));
            for &coordinate in &self.coordinates {
                text.push(',');
                if let Some(value) = face.get(coordinate) {
                    let _ = write!(text, "{value:.3}");
                }
            }
            for keypoint in &uncertain {
                text.push(',');
                if let Some(pixels) = self.uncertainty(index, *keypoint) {
                    let _ = write!(text, "{pixels:.3}");
                }
            }
            text.push('\n');
        }
        text
    }

    fn uncertainty(&self, face: usize, keypoint: Keypoint) -> Option<f32> {
        self.uncertainty.as_ref()?.get(face)?.get(&keypoint).copied()
    }

    /// An array of objects: the picture's name, its keypoints as `[x, y]`, and after
    /// [`with_uncertainty`](Self::with_uncertainty) the uncertainty of each.
    ///
    /// # Errors
    /// Never, as far as is known: numbers and names can always be written.
    pub fn to_json(&self) -> anyhow::Result<String> {
        let named = |keypoint: Keypoint| self.schema.name_of(keypoint).to_owned();
        let picture = |(index, (name, face)): (usize, (String, &Labels))| {
            let keypoints: Map<String, Value> = face
                .points()
                .map(|(keypoint, point)| (named(keypoint), json!([point.x, point.y])))
                .collect();
            let mut found = json!({ self.name_column(): name, "keypoints": keypoints });
            if self.uncertainty.is_some() {
                let one =
                    |one: &Keypoint| Some((named(*one), json!(self.uncertainty(index, *one)?)));
                let all: Map<String, Value> = self.uncertain().iter().filter_map(one).collect();
                found["uncertainty"] = all.into();
            }
            found
        };
        let pictures: Vec<Value> =
            self.names().into_iter().zip(&self.keypoints).enumerate().map(picture).collect();
        Ok(serde_json::to_string_pretty(&pictures)? + "\n")
    }
}

/// A CSV cell; file names may hold commas and quotes.
pub(crate) fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) || text.starts_with(' ') || text.ends_with(' ') {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
