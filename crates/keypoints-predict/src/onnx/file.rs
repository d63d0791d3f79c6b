//! Names and metadata of an ONNX file.

use onnx_ir::{Message, ModelProto};

use super::error::OnnxError;

/// What the input is called.
const INPUT: &str = "pictures";

/// What an ONNX file says in words.
#[derive(Clone, Copy, Debug)]
pub struct OnnxText<'a> {
    /// What the network is called.
    pub network: &'a str,
    /// What goes in and what comes out.
    pub description: &'a str,
    /// What the outputs are called. The input is called `pictures`.
    pub outputs: &'a [&'a str],
    /// Keys and values.
    pub metadata: &'a [(String, String)],
}

/// A traced file with the names and the metadata that the exporter has no way to set. `traces` has the shapes of all outputs in each trace.
pub(super) fn finish(
    bytes: &[u8],
    text: &OnnxText<'_>,
    traces: &[Vec<Vec<usize>>],
) -> Result<Vec<u8>, OnnxError> {
    let encode = |error: String| OnnxError::Encode(error);
    let mut model =
        ModelProto::parse_from_bytes(bytes).map_err(|error| encode(error.to_string()))?;
    model.doc_string = text.description.to_owned();
    for (key, value) in text.metadata {
        model.metadata_props.push(Default::default());
        if let Some(entry) = model.metadata_props.last_mut() {
            (entry.key, entry.value) = (key.clone(), value.clone());
        }
    }
    let graph = model.graph.mut_or_insert_default();
    graph.name = text.network.to_owned();
    if graph.output.len() > text.outputs.len() {
        return Err(encode(format!("{} outputs have no name", graph.output.len())));
    }
    let inputs = graph.input.iter().map(|one| one.name.clone()).zip([INPUT]);
    let outputs = graph.output.iter().map(|one| one.name.clone());
    let names: Vec<(String, &str)> =
        inputs.chain(outputs.zip(text.outputs.iter().copied())).collect();
    let rename = |name: &mut String| {
        if let Some((_, new)) = names.iter().find(|(old, _)| old == name) {
            *name = (*new).to_owned();
        } else if names.iter().any(|(_, new)| new == name) {
            // A parameter of the same name.
            name.push_str(".parameter");
        }
    };
    graph.input.iter_mut().for_each(|one| rename(&mut one.name));
    graph.output.iter_mut().for_each(|one| rename(&mut one.name));
    graph.initializer.iter_mut().for_each(|one| rename(&mut one.name));
    for node in &mut graph.node {
        node.input.iter_mut().chain(&mut node.output).for_each(rename);
    }
    // The exporter takes some fixed lengths for free ones, and gives free ones names of their own.
    for (number, output) in graph.output.iter_mut().enumerate() {
        let kind = output.type_.mut_or_insert_default().mut_tensor_type();
        for (axis, length) in kind.shape.mut_or_insert_default().dim.iter_mut().enumerate() {
            let mut lengths = traces.iter().filter_map(|trace| trace.get(number)?.get(axis));
            match lengths.next() {
                Some(&first) if lengths.all(|&other| other == first) => {
                    length.set_dim_value(first as i64);
                }
                _ if axis == 0 => length.set_dim_param("batch".to_owned()),
                _ => {}
            }
        }
    }
    model.write_to_bytes().map_err(|error| encode(error.to_string()))
}
