//! Faces of photos as CSV, as JSON and as labels for annotation tools.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use keypoints_core::{Coordinate, Keypoint, Named, Point, Schema};
use keypoints_data::annotations::{Annotation, Annotations, FORMATS, Format, SchemaOrigin};
use keypoints_detect::Face;
use serde::Serialize;

use super::{PhotoDetector, PhotoOptions};
use crate::predictions::quoted;

/// What the faces are written as. Text is handed out piece by piece, in the order of the photos.
pub(super) struct Document {
    schema: Arc<Schema>,
    kind: Kind,
}

enum Kind {
    /// One row per face.
    Csv {
        coordinates: Vec<Coordinate>,
        uncertain: Vec<Keypoint>,
    },
    /// One line per photo.
    Json {
        any: bool,
    },
    Labels {
        format: &'static dyn Format,
        rows: Vec<Annotation>,
    },
}

impl Document {
    pub(super) fn new(detector: &PhotoDetector, options: &PhotoOptions) -> anyhow::Result<Self> {
        let predictor = detector.predictor();
        if options.uncertainty {
            detector.check_uncertainty()?;
        }
        let schema = Arc::clone(predictor.schema());
        let kind = match options.format.as_str() {
            "csv" => {
                let coordinates = predictor.coordinates();
                let known = |one: &Keypoint| coordinates.contains(&one.x());
                let uncertain = schema.keypoints().filter(known).collect();
                let uncertain = if options.uncertainty { uncertain } else { Vec::new() };
                Kind::Csv { coordinates, uncertain }
            }
            "json" => Kind::Json { any: false },
            name => Kind::Labels {
                format: label_format(name, options.out.as_deref())?,
                rows: Vec::new(),
            },
        };
        Ok(Self { schema, kind })
    }

    pub(super) fn is_labels(&self) -> bool {
        matches!(self.kind, Kind::Labels { .. })
    }

    /// What comes before the first photo.
    pub(super) fn begin(&self) -> String {
        match &self.kind {
            Kind::Csv { coordinates, uncertain } => {
                let mut text = "picture,face,left,top,width,height,score".to_owned();
                for &coordinate in coordinates {
                    let _ = write!(text, ",{}", self.schema.coordinate_name(coordinate));
                }
                for &keypoint in uncertain {
                    let _ = write!(text, ",{}_uncertainty", self.schema.name_of(keypoint));
                }
                text + "\n"
            }
            Kind::Json { .. } => "[".to_owned(),
            Kind::Labels { .. } => String::new(),
        }
    }

    /// Adds the faces of a photo.
    pub(super) fn add(
        &mut self,
        text: &mut String,
        photo: &Path,
        faces: &[Face],
    ) -> anyhow::Result<()> {
        let schema = &self.schema;
        match &mut self.kind {
            Kind::Csv { coordinates, uncertain } => {
                let name = quoted(&photo.display().to_string());
                for (face, number) in faces.iter().zip(1..) {
                    let _ = write!(text, "{name},{number}");
                    for length in face.region.to_pixels() {
                        let _ = write!(text, ",{length:.3}");
                    }
                    let _ = write!(text, ",{:.3}", face.score);
                    let places = coordinates.iter().map(|&one| face.points.get(one));
                    let all = face.uncertainty.as_ref();
                    let uncertain = uncertain.iter().map(|one| all?.get(one).copied());
                    for value in places.chain(uncertain) {
                        text.push(',');
                        if let Some(value) = value {
                            let _ = write!(text, "{value:.3}");
                        }
                    }
                    text.push('\n');
                }
            }
            Kind::Json { any } => {
                let picture = photo.display().to_string();
                let faces = faces.iter().map(|face| FaceObject::of(face, schema)).collect();
                text.push_str(if *any { ",\n" } else { "\n" });
                *any = true;
                text.push_str(&serde_json::to_string(&PhotoObject { picture, faces })?);
            }
            Kind::Labels { rows, .. } => rows.extend(annotations(photo, faces)),
        }
        Ok(())
    }

    /// What comes after the last photo.
    pub(super) fn end(&self) -> &'static str {
        match self.kind {
            Kind::Json { any: true } => "\n]\n",
            Kind::Json { any: false } => "]\n",
            Kind::Csv { .. } | Kind::Labels { .. } => "",
        }
    }

    /// Writes the file of an annotation format.
    ///
    /// # Errors
    /// With the file that cannot be written.
    pub(super) fn write_labels(self, path: &Path) -> anyhow::Result<()> {
        if let Kind::Labels { format, rows } = self.kind {
            let (origin, faults) = (SchemaOrigin::Given, Vec::new());
            format.write(&Annotations { schema: self.schema, origin, rows, faults }, path)?;
        }
        Ok(())
    }
}

/// The annotation format of a name, if it takes several faces of one photo.
fn label_format(name: &str, out: Option<&Path>) -> anyhow::Result<&'static dyn Format> {
    let format = FORMATS.iter().copied().find(|one| one.name() == name);
    let format = format.with_context(|| format!("no format called `{name}`"))?;
    if format.is_folder() {
        bail!(
            "--format {name} has one face per picture; write csv, json, coco, imglab or table, or use --crop for pictures of one face each"
        );
    }
    out.context("--out says where labels are written")?;
    Ok(format)
}

fn annotations(photo: &Path, faces: &[Face]) -> impl Iterator<Item = Annotation> {
    let name = photo.with_extension("").display().to_string();
    faces.iter().zip(1..).map(move |(face, number)| Annotation {
        picture: photo.to_owned(),
        name: if number == 1 { name.clone() } else { format!("{name}_{number}") },
        region: Some(face.region),
        labels: face.points.clone(),
    })
}

#[derive(Serialize)]
struct PhotoObject {
    picture: String,
    faces: Vec<FaceObject>,
}

/// A face as an object of JSON.
#[derive(Serialize)]
pub(crate) struct FaceObject {
    /// Left, top, width, height.
    r#box: [f64; 4],
    score: f64,
    keypoints: Named<[f64; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uncertainty: Option<Named<f64>>,
}

impl FaceObject {
    pub(crate) fn of(face: &Face, schema: &Schema) -> Self {
        let name = |one| schema.name_of(one).to_owned();
        let point = |(one, Point { x, y })| (name(one), [thousandths(x), thousandths(y)]);
        let pixels = |(&one, &pixels): (&Keypoint, &f32)| (name(one), thousandths(pixels));
        let uncertainty = face.uncertainty.as_ref();
        Self {
            r#box: face.region.to_pixels().map(thousandths),
            score: thousandths(face.score),
            keypoints: face.points.points().map(point).collect(),
            uncertainty: uncertainty.map(|all| all.iter().map(pixels).collect()),
        }
    }
}

fn thousandths(value: impl Into<f64>) -> f64 {
    (value.into() * 1000.0).round() / 1000.0
}
