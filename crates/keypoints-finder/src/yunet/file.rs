//! From a file to the convolutions in it.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use prost::Message;

use super::error::YuNetFault;
use super::onnx::{FLOAT, GraphProto, ModelProto, NodeProto, TensorProto};

/// The largest file that is read. YuNet's has 0.2 MiB. In memory, a hostile file takes up to a hundred times its size.
const LARGEST_FILE: u64 = 1 << 20;

/// A convolution of the file.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ConvWeights {
    /// Shape of the weight: channels out, channels in of a group, height, width.
    pub(super) dims: [usize; 4],
    pub(super) weight: Vec<f32>,
    /// One number per channel out.
    pub(super) bias: Vec<f32>,
}

/// Reads a file that is not too large.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, YuNetFault> {
    let file = File::open(path).map_err(YuNetFault::Io)?;
    let mut bytes = Vec::new();
    // One byte too many tells that the file is too large.
    file.take(LARGEST_FILE + 1).read_to_end(&mut bytes).map_err(YuNetFault::Io)?;
    Ok(bytes)
}

/// Reads the network of an ONNX file.
pub(super) fn parse(bytes: &[u8]) -> Result<GraphProto, YuNetFault> {
    if bytes.is_empty() {
        return Err(YuNetFault::EmptyFile);
    }
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(YuNetFault::TooLarge { limit: LARGEST_FILE });
    }
    if bytes.starts_with(b"version https://git-lfs.github.com") {
        return Err(YuNetFault::LfsPointer);
    }
    let model =
        ModelProto::decode(bytes).map_err(|error| YuNetFault::NotOnnx(error.to_string()))?;
    model.graph.ok_or_else(|| YuNetFault::NotOnnx("it has no network".to_owned()))
}

/// The convolutions of a network, to look them up.
pub(super) struct Convolutions<'a> {
    tensors: BTreeMap<&'a str, &'a TensorProto>,
    nodes: Vec<&'a NodeProto>,
}

impl<'a> Convolutions<'a> {
    pub(super) fn of(graph: &'a GraphProto) -> Self {
        Self {
            tensors: graph.initializer.iter().map(|one| (one.name.as_str(), one)).collect(),
            nodes: graph.node.iter().filter(|node| node.op_type == "Conv").collect(),
        }
    }

    /// The names of all tensors.
    pub(super) fn names(&self) -> impl ExactSizeIterator<Item = &'a str> {
        self.tensors.keys().copied()
    }

    /// Whether there is a tensor of this name.
    pub(super) fn has(&self, tensor: &str) -> bool {
        self.tensors.contains_key(tensor)
    }

    /// The one that the file lists first. ONNX sorts by what is computed first.
    pub(super) fn first(&self) -> Option<&'a NodeProto> {
        self.nodes.first().copied()
    }

    /// The one with a weight of this name.
    pub(super) fn with_weight(&self, name: &str) -> Option<&'a NodeProto> {
        self.find(1, name)
    }

    /// The one that reads what another computes.
    pub(super) fn after(&self, node: &NodeProto) -> Option<&'a NodeProto> {
        self.find(0, node.output.first()?)
    }

    fn find(&self, input: usize, name: &str) -> Option<&'a NodeProto> {
        let reads = |node: &&&NodeProto| node.input.get(input).is_some_and(|one| one == name);
        self.nodes.iter().find(reads).copied()
    }

    /// Reads weight and bias. `layer` is for messages; `dims` is the shape that the weight must have.
    pub(super) fn read(
        &self,
        node: Option<&NodeProto>,
        layer: &str,
        dims: [usize; 4],
    ) -> Result<ConvWeights, YuNetFault> {
        let no_layer = || YuNetFault::NoLayer { layer: layer.to_owned() };
        let tensor = |input: usize| self.tensors.get(node?.input.get(input)?.as_str()).copied();
        let weight = tensor(1).ok_or_else(no_layer)?;
        let bias = tensor(2).ok_or_else(no_layer)?;
        Ok(ConvWeights {
            dims,
            weight: numbers(weight, || format!("weight of the {layer}"), &dims)?,
            bias: numbers(bias, || format!("bias of the {layer}"), &dims[..1])?,
        })
    }
}

/// The numbers of a tensor that must have this shape.
fn numbers(
    tensor: &TensorProto,
    name: impl Fn() -> String,
    dims: &[usize],
) -> Result<Vec<f32>, YuNetFault> {
    let bad = |expected: String, found: String| {
        Err(YuNetFault::BadTensor { tensor: name(), expected, found })
    };
    let shape = || dims.iter().map(ToString::to_string).collect::<Vec<_>>().join("×");
    if tensor.data_type != FLOAT {
        let found = format!("of ONNX's type {}", tensor.data_type);
        return bad("of 32-bit floating point (ONNX's type 1)".to_owned(), found);
    }
    if !tensor.dims.iter().map(|&dim| usize::try_from(dim)).eq(dims.iter().map(|&dim| Ok(dim))) {
        return bad(shape(), shown_dims(&tensor.dims));
    }
    let count: usize = dims.iter().product();
    let values: Vec<f32> = if tensor.raw_data.is_empty() {
        tensor.float_data.clone()
    } else {
        let (values, rest) = tensor.raw_data.as_chunks::<4>();
        if !rest.is_empty() {
            return bad(format!("{} bytes", 4 * count), format!("{} bytes", tensor.raw_data.len()));
        }
        values.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
    };
    if values.len() != count {
        return bad(format!("{count} numbers"), format!("{} numbers", values.len()));
    }
    match values.iter().find(|value| !value.is_finite()) {
        Some(&value) => Err(YuNetFault::NotFinite { tensor: name(), value }),
        None => Ok(values),
    }
}

/// A shape for a message, short however long it is.
fn shown_dims(dims: &[i64]) -> String {
    let shown: Vec<String> = dims.iter().take(6).map(ToString::to_string).collect();
    match dims.len() {
        0 => "a single number".to_owned(),
        1..=6 => shown.join("×"),
        count => format!("{}×… ({count} dimensions)", shown.join("×")),
    }
}
