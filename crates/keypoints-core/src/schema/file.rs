//! A schema as JSON has it: points by their names.

use serde::{Deserialize, Serialize};

use super::{LabelSource, Schema, SchemaError};
use crate::keypoint::Keypoint;
use crate::named::Named;

/// More points than any face or body has, and few enough for a `u16`.
const MOST_KEYPOINTS: usize = 4096;
const MOST_SOURCES: usize = 64;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SchemaFile {
    pub(super) name: String,
    pub(super) keypoints: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) mirror_pairs: Option<Vec<[String; 2]>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) unit: Option<[String; 2]>,
    #[serde(default, skip_serializing_if = "Named::is_empty")]
    pub(super) groups: Named<Vec<String>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) sources: Vec<SourceFile>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SourceFile {
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    weight: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    marks: Option<Vec<String>>,
}

impl SchemaFile {
    /// The same with some of the points only.
    pub(super) fn select(mut self, names: impl Iterator<Item = String>) -> Self {
        self.keypoints = names.collect();
        let stays = |name: &String| self.keypoints.contains(name);
        if let Some(pairs) = &mut self.mirror_pairs {
            pairs.retain(|pair| pair.iter().any(stays));
            if pairs.iter().flatten().any(|name| !stays(name)) {
                self.mirror_pairs = None;
            }
        }
        self.unit = self.unit.filter(|unit| unit.iter().all(stays));
        let group = |(name, points): (&str, &Vec<String>)| {
            let kept: Vec<String> = points.iter().filter(|point| stays(point)).cloned().collect();
            (!kept.is_empty()).then(|| (name.to_owned(), kept))
        };
        self.groups = self.groups.iter().filter_map(group).collect();
        for marks in self.sources.iter_mut().filter_map(|source| source.marks.as_mut()) {
            marks.retain(stays);
        }
        self
    }
}

impl TryFrom<SchemaFile> for Schema {
    type Error = SchemaError;

    fn try_from(file: SchemaFile) -> Result<Self, SchemaError> {
        let SchemaFile { name, keypoints, mirror_pairs, unit, groups, sources } = file;
        if keypoints.is_empty() || keypoints.len() > MOST_KEYPOINTS {
            return Err(SchemaError::Count { found: keypoints.len(), most: MOST_KEYPOINTS });
        }
        check_names("keypoint", &keypoints)?;
        let find = |field: &'static str, name: &str| {
            let index = keypoints.iter().position(|one| one == name);
            let unknown = || SchemaError::UnknownKeypoint { field, name: name.to_owned() };
            index.map(|index| Keypoint::new(index as u16)).ok_or_else(unknown)
        };
        let mirror = mirror_pairs.map(|pairs| partners(&keypoints, &pairs, find)).transpose()?;
        let unit = unit.map(|[one, other]| Ok([find("unit", &one)?, find("unit", &other)?]));
        let unit: Option<[Keypoint; 2]> = unit.transpose()?;
        if let Some([one, _]) = unit.filter(|[one, other]| one == other) {
            return Err(SchemaError::NoUnit { name: keypoints[one.index()].clone() });
        }
        let group = |(name, points): (&str, &Vec<String>)| {
            let points = points.iter().map(|point| find("groups", point));
            Ok((name.to_owned(), points.collect::<Result<_, _>>()?))
        };
        let groups = groups.iter().map(group).collect::<Result<_, SchemaError>>()?;
        let sources = sources_of(sources, find)?;
        Ok(Self { name, keypoints, mirror, unit, groups, sources })
    }
}

/// The partner of every point.
fn partners(
    keypoints: &[String],
    pairs: &[[String; 2]],
    find: impl Fn(&'static str, &str) -> Result<Keypoint, SchemaError>,
) -> Result<Vec<Keypoint>, SchemaError> {
    let mut partners: Vec<Keypoint> =
        (0..keypoints.len()).map(|index| Keypoint::new(index as u16)).collect();
    for pair in pairs {
        let [one, other] = [find("mirror_pairs", &pair[0])?, find("mirror_pairs", &pair[1])?];
        let taken = [one, other].into_iter().find(|point| partners[point.index()] != *point);
        if one == other || taken.is_some() {
            return Err(SchemaError::NoPair { pair: pair.clone() });
        }
        partners[one.index()] = other;
        partners[other.index()] = one;
    }
    Ok(partners)
}

fn sources_of(
    files: Vec<SourceFile>,
    find: impl Fn(&'static str, &str) -> Result<Keypoint, SchemaError>,
) -> Result<Vec<LabelSource>, SchemaError> {
    if files.is_empty() {
        return Ok(vec![LabelSource::new(LabelSource::UNNAMED.to_owned(), None, None)]);
    }
    if files.len() > MOST_SOURCES {
        return Err(SchemaError::TooManySources { found: files.len(), most: MOST_SOURCES });
    }
    let names: Vec<String> = files.iter().map(|file| file.name.clone()).collect();
    check_names("source", &names)?;
    let weights: Vec<f64> = files.iter().filter_map(|file| file.weight).collect();
    let sum: f64 = weights.iter().sum();
    let shares = weights.len() == files.len()
        && (sum - 1.0).abs() < 1e-6
        && weights.iter().all(|&weight| weight > 0.0);
    if !weights.is_empty() && !shares {
        return Err(SchemaError::Weights { found: weights });
    }
    let source = |file: SourceFile| {
        let marks = file.marks.map(|names| names.iter().map(|name| find("marks", name)).collect());
        Ok(LabelSource::new(file.name, marks.transpose()?, file.weight))
    };
    files.into_iter().map(source).collect()
}

/// Refuses names that could not stand in a file, and names that stand there twice.
fn check_names(kind: &'static str, names: &[String]) -> Result<(), SchemaError> {
    for (index, name) in names.iter().enumerate() {
        let plain = !name.is_empty()
            && name.trim() == name
            && !name.chars().any(|c| c.is_control() || matches!(c, ',' | '"'));
        if !plain {
            return Err(SchemaError::BadName { kind, name: name.clone() });
        }
        if names[..index].contains(name) {
            return Err(SchemaError::NameTwice { kind, name: name.clone() });
        }
    }
    Ok(())
}

impl From<Schema> for SchemaFile {
    fn from(schema: Schema) -> Self {
        let name = |keypoint: Keypoint| schema.name_of(keypoint).to_owned();
        let pairs = |partners: &Vec<Keypoint>| {
            let all = partners.iter().zip(schema.keypoints());
            let once = all.filter(|(partner, own)| own < partner);
            once.map(|(&partner, own)| [name(own), name(partner)]).collect()
        };
        let source = |one: &LabelSource| SourceFile {
            name: one.name().to_owned(),
            weight: one.weight(),
            marks: one.marked().map(|marks| marks.iter().map(|&point| name(point)).collect()),
        };
        let unnamed = schema.sources.len() == 1
            && schema.sources[0].name() == LabelSource::UNNAMED
            && schema.sources[0].marked().is_none()
            && schema.sources[0].weight().is_none();
        Self {
            name: schema.name.clone(),
            keypoints: schema.keypoints.clone(),
            mirror_pairs: schema.mirror.as_ref().map(pairs),
            unit: schema.unit.map(|unit| unit.map(name)),
            groups: schema
                .groups
                .iter()
                .map(|(group, points)| {
                    (group.to_owned(), points.iter().copied().map(name).collect())
                })
                .collect(),
            sources: if unnamed { vec![] } else { schema.sources.iter().map(source).collect() },
        }
    }
}
