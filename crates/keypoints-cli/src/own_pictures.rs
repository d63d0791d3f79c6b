//! Labelled pictures of the user's own.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use keypoints_core::{Keypoint, PictureShape, Schema};
use keypoints_data::annotations::{Annotations, Found, ReadOptions, SchemaOrigin, read_schema};
use keypoints_data::photos::{Crops, CutOptions, DEFAULT_MARGIN, cut_cached};

use crate::args::DataArgs;
use crate::exit::tell;
use crate::progress::count_bar;

/// How many faults are listed.
const LISTED: usize = 10;

/// Labelled pictures, found but not read.
#[derive(Clone, Debug)]
pub struct OwnPictures {
    args: DataArgs,
    found: Found,
}

impl OwnPictures {
    pub(crate) fn new(args: DataArgs, found: Found) -> Self {
        Self { args, found }
    }

    /// The label file or folder.
    pub fn path(&self) -> &Path {
        &self.found.path
    }

    /// Reads the labels, without opening pictures.
    ///
    /// # Errors
    /// What is wrong with the label file as a whole, with --schema or --points.
    pub fn annotations(&self) -> anyhow::Result<Annotations> {
        self.read(false)
    }

    fn read(&self, tell: bool) -> anyhow::Result<Annotations> {
        let args = &self.args;
        let folder = match self.found.path.is_dir() {
            true => &self.found.path,
            false => self.found.path.parent().unwrap_or(Path::new("")),
        };
        let options = ReadOptions {
            schema: read_schema(args.schema.as_deref(), folder)?,
            pictures: args.picture_folder.clone(),
            from_edge: args.from_edge,
        };
        let annotations = self.found.format.read(&self.found.path, &options)?;
        if tell {
            tell_of_schema(&annotations);
        }
        match &args.points {
            None => Ok(annotations),
            Some(points) => {
                let chosen = choose(&annotations.schema, points).context("--points")?;
                annotations.select(&chosen).context("--points")
            }
        }
    }

    /// Reads the labels and cuts the objects out of their pictures, as the flags say. Says on standard error what was guessed and
    /// what was left out.
    ///
    /// # Errors
    /// What is wrong with the files.
    pub fn read_and_cut(&self) -> anyhow::Result<(Annotations, Crops)> {
        let channels = if self.args.colour { 3 } else { 1 };
        let shape = PictureShape { side: self.args.side, channels };
        let annotations = self.read(true)?;
        let crops = self.cut(&annotations, shape, None)?;
        Ok((annotations, crops))
    }

    /// Cuts the objects out of their pictures, with the margin of --margin or, without it, of a network.
    ///
    /// # Errors
    /// If too many pictures cannot be used, or the cut pictures cannot be kept.
    pub fn cut(
        &self,
        annotations: &Annotations,
        shape: PictureShape,
        margin: Option<f64>,
    ) -> anyhow::Result<Crops> {
        let margin = self.args.margin.or(margin).unwrap_or(DEFAULT_MARGIN);
        let options = CutOptions { shape, margin, strict: self.args.strict };
        let bar = count_bar(annotations.rows.len(), "pictures cut");
        let progress = |done: usize| bar.set_position(done as u64);
        let crops = cut_cached(annotations, &options, &self.args.cache, &progress);
        bar.finish_and_clear();
        let crops = crops.with_context(|| self.path().display().to_string())?;
        for fault in crops.left_out.iter().take(LISTED) {
            tell(format_args!("left out: {fault}"));
        }
        match crops.left_out.len().saturating_sub(LISTED) {
            0 => {}
            more => tell(format_args!("left out: {more} more")),
        }
        if crops.dataset.is_empty() {
            bail!("{}: no labelled picture that can be used", self.path().display());
        }
        Ok(crops)
    }
}

/// Says on standard error which schema the points have, unless the user named it.
fn tell_of_schema(annotations: &Annotations) {
    let schema = &annotations.schema;
    let (name, points) = (schema.name(), schema.len());
    match annotations.origin {
        SchemaOrigin::Given => {}
        SchemaOrigin::Counted => {
            tell(format_args!(
                "schema `{name}`, because there are {points} points; --schema names another"
            ));
        }
        SchemaOrigin::Guessed => tell(format_args!("{}", guess(schema))),
    }
}

/// What was guessed of a schema.
fn guess(schema: &Schema) -> String {
    let alone = schema.without_partner();
    let mirror = if schema.has_mirror() {
        let pair = |keypoint: Keypoint| {
            let partner = schema.mirrored(keypoint).filter(|partner| *partner > keypoint)?;
            Some(format!("{} ↔ {}", schema.name_of(keypoint), schema.name_of(partner)))
        };
        let pairs: Vec<String> = schema.keypoints().filter_map(pair).collect();
        format!("mirror pairs {}", pairs.join(", "))
    } else if alone.is_empty() {
        "no mirror pairs (no name has left or right in it), so no training with flips".to_owned()
    } else {
        format!("no mirror pairs (no partner for {}), so no training with flips", alone.join(", "))
    };
    let unit = match schema.unit() {
        Some([one, other]) => {
            format!("errors relative to {} – {}", schema.name_of(one), schema.name_of(other))
        }
        None => "no unit for relative errors".to_owned(),
    };
    format!(
        "schema guessed from {} points: {mirror}; {unit}. To set them, put a points.json beside the labels or use --schema.",
        schema.len()
    )
}

/// The points of a list: names or numbers from 1, also `37-48`.
fn choose(schema: &Arc<Schema>, list: &str) -> anyhow::Result<Vec<Keypoint>> {
    let number = |text: &str| {
        let number: usize = text.parse().ok()?;
        (1..=schema.len()).contains(&number).then_some(number)
    };
    let mut chosen = Vec::new();
    for one in list.split(',').map(str::trim) {
        let range = one.split_once('-').and_then(|(from, to)| Some((number(from)?, number(to)?)));
        if let Some(point) = schema.keypoint(one) {
            chosen.push(point);
        } else if let Some((from, to)) = range.or_else(|| number(one).map(|one| (one, one))) {
            chosen.extend((from..=to).map(|number| Keypoint::new(number as u16 - 1)));
        } else {
            bail!(
                "`{one}` is no point of schema `{}`: a name such as `{}`, a number from 1 to {}, or a range such as 1-5",
                schema.name(),
                schema.names()[0],
                schema.len()
            );
        }
    }
    Ok(chosen)
}
