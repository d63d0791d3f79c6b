//! All weights of the network, checked.

use super::error::YuNetFault;
use super::file::{ConvWeights, Convolutions, parse};

/// A convolution of single pixels, and one of each map by itself that follows it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct UnitWeights {
    pub(super) pointwise: ConvWeights,
    pub(super) depthwise: ConvWeights,
}

/// The network's weights. Batch norms are folded into the convolutions already.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Weights {
    pub(super) stem: ConvWeights,
    pub(super) first: UnitWeights,
    pub(super) stages: [[UnitWeights; 2]; 5],
    /// Of strides 8, 16 and 32.
    pub(super) laterals: [UnitWeights; 3],
    /// Of strides 8, 16 and 32. Channels: class, objectness, box (4), points (10).
    pub(super) heads: [UnitWeights; 3],
}

/// Channels of the stem, and of the two units of each stage.
const STEM: usize = 16;
const STAGES: [[usize; 2]; 5] = [[16, 32], [32, 64], [64, 64], [64, 64], [64, 64]];
const NECK: usize = 64;

/// The parts of a head, with their channels.
const PARTS: [(&str, usize); 4] = [("cls", 1), ("obj", 1), ("bbox", 4), ("kps", 10)];

/// Channels of a head.
pub(super) const OUTPUTS: usize = 16;

impl Weights {
    /// Reads the bytes of an ONNX file.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, YuNetFault> {
        let graph = parse(bytes)?;
        let file = Convolutions::of(&graph);
        check_names(&file)?;
        let lateral = |level: usize| unit(&file, &lateral_name(level), [NECK; 2]);
        let head = |level: usize| {
            let [class, object, edges, points] = PARTS
                .map(|(part, channels)| unit(&file, &head_name(part, level), [NECK, channels]));
            Ok::<_, YuNetFault>(UnitWeights::side_by_side([class?, object?, edges?, points?]))
        };
        let mut channels = STEM;
        let mut stage = |index: usize| {
            let [first, second] = STAGES[index];
            let units = [
                unit(&file, &stage_name(index, 1), [channels, first])?,
                unit(&file, &stage_name(index, 2), [first, second])?,
            ];
            channels = second;
            Ok::<_, YuNetFault>(units)
        };
        Ok(Self {
            stem: file.read(file.first(), "first convolution", [STEM, 3, 3, 3])?,
            first: unit(&file, FIRST, [STEM; 2])?,
            stages: [stage(0)?, stage(1)?, stage(2)?, stage(3)?, stage(4)?],
            laterals: [lateral(0)?, lateral(1)?, lateral(2)?],
            heads: [head(0)?, head(1)?, head(2)?],
        })
    }
}

/// The names of units in the file.
const FIRST: &str = "backbone.model0.conv2";

fn stage_name(index: usize, unit: usize) -> String {
    format!("backbone.model{}.conv{unit}", index + 1)
}

fn lateral_name(level: usize) -> String {
    format!("neck.lateral_convs.{level}")
}

fn head_name(part: &str, level: usize) -> String {
    format!("bbox_head.multi_level_{part}.{level}")
}

/// The name of a unit's pointwise weight. Of other weights the file's names are mere numbers.
fn weight_name(unit: &str) -> String {
    format!("{unit}.conv1.weight")
}

/// Checks that the file's network is YuNet, before a single tensor is blamed.
fn check_names(file: &Convolutions) -> Result<(), YuNetFault> {
    let stages = (0..STAGES.len()).flat_map(|stage| [1, 2].map(|unit| stage_name(stage, unit)));
    let laterals = (0..3).map(lateral_name);
    let heads = PARTS.iter().flat_map(|(part, _)| (0..3).map(|level| head_name(part, level)));
    let units = std::iter::once(FIRST.to_owned()).chain(stages).chain(laterals).chain(heads);
    let names: Vec<String> = units.map(|unit| weight_name(&unit)).collect();
    let Some(missing) = names.iter().find(|name| !file.has(name)) else {
        return Ok(());
    };
    let found = match file.names().next() {
        None => "and the file has no tensors".to_owned(),
        Some(first) => {
            // A name may be of any length and hold any character.
            let first: String = first.chars().take(60).flat_map(char::escape_default).collect();
            format!("and the file has `{first}` and {} more tensors", file.names().len() - 1)
        }
    };
    let known = names.iter().filter(|name| file.has(name)).count();
    let (of, missing) = (names.len(), missing.clone());
    Err(YuNetFault::OtherNetwork { known, of, missing, found })
}

/// Reads a pointwise convolution by its name, and the depthwise one that reads its maps.
fn unit(
    file: &Convolutions,
    name: &str,
    [channels_in, channels_out]: [usize; 2],
) -> Result<UnitWeights, YuNetFault> {
    let node = file.with_weight(&weight_name(name));
    let pointwise = format!("pointwise convolution of `{name}`");
    let depthwise = format!("depthwise convolution of `{name}`");
    Ok(UnitWeights {
        pointwise: file.read(node, &pointwise, [channels_out, channels_in, 1, 1])?,
        depthwise: file.read(
            node.and_then(|node| file.after(node)),
            &depthwise,
            [channels_out, 1, 3, 3],
        )?,
    })
}

impl UnitWeights {
    /// Units that read the same maps, as one unit with the channels of all.
    fn side_by_side<const N: usize>(units: [Self; N]) -> Self {
        let both = units.map(|unit| (unit.pointwise, unit.depthwise));
        let (pointwise, depthwise): (Vec<_>, Vec<_>) = both.into_iter().unzip();
        Self { pointwise: joined(pointwise), depthwise: joined(depthwise) }
    }
}

/// Convolutions whose weights differ in the channels out only, as one.
fn joined(all: Vec<ConvWeights>) -> ConvWeights {
    let mut dims = all.first().map_or([0; 4], |one| one.dims);
    dims[0] = all.iter().map(|one| one.dims[0]).sum();
    let (weight, bias): (Vec<_>, Vec<_>) =
        all.into_iter().map(|one| (one.weight, one.bias)).unzip();
    ConvWeights { dims, weight: weight.concat(), bias: bias.concat() }
}
