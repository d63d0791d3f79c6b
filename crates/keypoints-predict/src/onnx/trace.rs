//! From a forward pass to an ONNX file.

use std::cell::RefCell;

use burn::module::Module;
use burn::tensor::Tensor;
use burn_onnx::export::{AxisSpec, ExportError, InputSpec, OnnxExporter};
use keypoints_kernels::for_export;

use super::error::OnnxError;
use super::file::{OnnxText, finish};
use super::layer::{layer_of, operation_name};
use super::outputs::TracedOutput;

/// What the axes of pictures are called.
const AXES: [&str; 4] = ["batch", "channels", "height", "width"];

/// The contents of an ONNX file that does what `forward` does with pictures, by any of Burn's modules.
///
/// The forward pass is traced twice, with pictures of either of `shapes`. The axes in which these differ are free in the file, and the others
/// are fixed. `forward` returns no more tensors than `text` has names for.
///
/// ```
/// use burn::nn::conv::{Conv2d, Conv2dConfig};
/// use burn::tensor::Device;
/// use keypoints_predict::onnx::{OnnxText, export_module};
///
/// let edges = Conv2dConfig::new([1, 2], [3, 3]).init(&Device::flex());
/// let text = OnnxText { network: "edges", description: "", outputs: &["maps"], metadata: &[] };
/// let shapes = [[5, 1, 40, 44], [7, 1, 52, 60]]; // any number of pictures of any size
/// let file = export_module(&edges, shapes, &text, Conv2d::forward)?;
/// assert!(file.len() > 200);
/// # Ok::<(), keypoints_predict::onnx::OnnxError>(())
/// ```
///
/// # Errors
/// [`OnnxError::UnsupportedOperation`] or [`OnnxError::Export`] with the network's name.
pub fn export_module<M: Module, O: TracedOutput>(
    module: &M,
    shapes: [[usize; 4]; 2],
    text: &OnnxText<'_>,
    forward: impl Fn(&M, Tensor<4>) -> O,
) -> Result<Vec<u8>, OnnxError> {
    // A copy of its own: moved to another device, batch norms take along what their clones share with them.
    let module = module.valid();
    // Of the outputs of each trace.
    let seen = RefCell::new(Vec::new());
    let forward = |module: &M, pictures| {
        let outputs = for_export(|| forward(module, pictures));
        seen.borrow_mut().push(outputs.shapes());
        outputs
    };
    let device = module.devices().into_iter().next().unwrap_or_default();
    let [sample, other] = shapes.map(|shape| Tensor::<4>::zeros(shape, &device));
    let axis = |axis: usize| match shapes[0][axis] == shapes[1][axis] {
        true => AxisSpec::Static,
        false => AxisSpec::dynamic(AXES[axis]),
    };
    let input = InputSpec::new([0, 1, 2, 3].map(axis));
    let exporter = OnnxExporter::new();
    let traced = exporter.export_dynamic(&module, sample.clone(), other, &[input], forward);
    let network = || text.network.to_owned();
    match traced {
        Ok(model) => finish(model.as_bytes(), text, &seen.take()),
        Err(ExportError::UnsupportedOperation { operation, kind }) => {
            let layer = layer_of(&module, sample, forward, operation);
            let operation = operation_name(&kind).to_owned();
            Err(OnnxError::UnsupportedOperation { network: network(), operation, layer })
        }
        Err(source) => Err(OnnxError::Export { network: network(), source }),
    }
}
