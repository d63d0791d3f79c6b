//! Which operation of which layer could not be exported.

use std::collections::HashMap;

use burn::backend::capture::{CaptureBackend, TensorId};
use burn::backend::ir::OperationIr;
use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::{Device, Tensor};

/// The name of an operation from its debug form, `NumericFloat(F32, MeanDim(ReduceDimOpIr { … }))`; a plain text is itself.
pub(super) fn operation_name(kind: &str) -> &str {
    let Some((names, _)) = kind.split_once('{') else { return kind };
    let inner = names.rsplit('(').nth(1).unwrap_or(names);
    inner.rsplit(", ").next().unwrap_or(inner).trim()
}

/// The path of the layer whose parameters were read last before an operation, that one included. `operation` counts as burn-onnx does:
/// without the operations that bring numbers to the device, but for the input.
pub(super) fn layer_of<M: Module, O>(
    module: &M,
    pictures: Tensor<4>,
    forward: impl Fn(&M, Tensor<4>) -> O,
    operation: usize,
) -> Option<String> {
    let device = Device::capture();
    let (mut names, mut input) = (Names::default(), None);
    let captured = device.capture_scope(|scope| {
        let module = module.clone().to_device(&device);
        module.visit(&mut names);
        let pictures = pictures.to_device(&device);
        input = id_of(&pictures);
        forward(&module, pictures);
        scope.complete(input, [])
    });
    let operations = captured.ok()?.graph.operations;
    let counts = |one: &&OperationIr| match one {
        OperationIr::Init(init) => Some(init.out.id) == input,
        _ => true,
    };
    let before = operations.iter().filter(counts).take(operation + 1);
    let read = before.flat_map(|one| one.inputs().filter_map(|tensor| names.of.get(&tensor.id)));
    read.last().cloned()
}

fn id_of<const D: usize>(tensor: &Tensor<D>) -> Option<TensorId> {
    tensor.clone().try_into_primitive::<CaptureBackend>().ok().map(|primitive| primitive.id())
}

/// The layer of each parameter.
#[derive(Default)]
struct Names {
    path: Vec<String>,
    of: HashMap<TensorId, String>,
}

impl ModuleVisitor for Names {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        // The last part is the parameter's own name.
        let layer = &self.path[..self.path.len().saturating_sub(1)];
        if let Some(id) = id_of(&param.val()) {
            self.of.insert(id, layer.join("."));
        }
    }
}
