//! A network into a file, in full or half precision.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use burn::module::Module;
use burn::store::burn_pack::Tensor as FileTensor;
use burn::store::{
    BurnToPyTorchAdapter, FloatCastAdapter, ModuleAdapter, ModuleContext, ModuleSnapshot,
    SafetensorsStore,
};
use burn::tensor::DType;

use super::error::WeightsError;
use crate::network::KeypointNetwork;

/// A number in two bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    /// IEEE half precision: three decimal digits, up to 65,504.
    F16,
    /// The upper half of an `f32`: two decimal digits, the same range.
    Bf16,
}

/// Writes a network's weights as safetensors, `f32`, in PyTorch's names and layout. The file is replaced as a whole.
///
/// # Errors
/// [`WeightsError::Io`] with the file.
pub fn save<N: KeypointNetwork + Module>(network: &N, path: &Path) -> Result<(), WeightsError> {
    write(network, path, None)
}

/// As [`save`] at about half the size. Batch norms stay `f32`: there is little to gain, and small variances would become 0.
/// [`load`](super::load) makes `f32` of all again.
///
/// # Errors
/// [`WeightsError::Io`] with the file.
pub fn save_half<N: KeypointNetwork + Module>(
    network: &N,
    path: &Path,
    half: Half,
) -> Result<(), WeightsError> {
    let dtype = match half {
        Half::F16 => DType::F16,
        Half::Bf16 => DType::BF16,
    };
    write(network, path, Some(dtype))
}

fn write<N: KeypointNetwork + Module>(
    network: &N,
    path: &Path,
    dtype: Option<DType>,
) -> Result<(), WeightsError> {
    // Also brings the running statistics of batch norms up to date.
    let network = network.valid();
    let paths = network.collect(None, Some(Box::new(BurnToPyTorchAdapter)), true);
    let names = paths.into_iter().map(|one| (one.name.clone(), network.weight_name(&one.name)));
    let adapter = BurnToPyTorchAdapter.chain(ForFile { names: Arc::new(names.collect()), dtype });
    let mut store = SafetensorsStore::from_file(path)
        .with_to_adapter(adapter)
        .skip_enum_variants(true)
        .overwrite(true);
    let failed = |error: String| WeightsError::io(path, "write")(std::io::Error::other(error));
    network.save_into(&mut store).map_err(|error| failed(error.to_string()))
}

/// Gives tensors their precision and their names in files.
#[derive(Clone)]
struct ForFile {
    names: Arc<HashMap<String, String>>,
    /// `None` leaves the numbers as they are.
    dtype: Option<DType>,
}

impl ModuleAdapter for ForFile {
    fn adapt(&self, tensor: FileTensor, context: ModuleContext<'_>) -> FileTensor {
        let is_norm = context.module_type() == Some("Struct:BatchNorm");
        let mut tensor = match self.dtype.filter(|_| !is_norm) {
            Some(dtype) => FloatCastAdapter::to(dtype).adapt(tensor, context),
            None => tensor,
        };
        if let Some(name) = self.names.get(&tensor.name) {
            tensor.name.clone_from(name);
        }
        tensor
    }

    fn clone_box(&self) -> Box<dyn ModuleAdapter> {
        Box::new(self.clone())
    }
}
