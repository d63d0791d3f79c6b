//! A network into a file, in full or half precision.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use burn::module::Module;
use burn::store::burn_pack::Tensor as FileTensor;
use burn::store::{
    BurnToPyTorchAdapter, FloatCastAdapter, HalfPrecisionAdapter, ModuleAdapter, ModuleContext,
    ModuleSnapshot, SafetensorsStore,
};
use burn::tensor::DType;

use super::error::WeightsError;
use super::file::NAMES;
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
/// Reading makes `f32` of all again.
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

/// Returns a network's weights as a safetensors file in half precision, batch norms in single, with further metadata.
///
/// ```
/// use burn::tensor::Device;
/// use keypoints_models::NetworkConfig;
/// use keypoints_models::weights::{Head, from_bytes, to_bytes};
///
/// let device = Device::flex();
/// let config = NetworkConfig::by_name("compact")?.with_outputs(8);
/// let bytes = to_bytes(&config.init(&device)?, [("made_by".to_owned(), "me".to_owned())])?;
/// let (_, read) = from_bytes(config.init(&device)?, bytes, "mine".as_ref(), Head::Keep)?;
/// assert_eq!(read.prefix, "");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// What the writer says, as a text.
pub fn to_bytes<N: KeypointNetwork + Module>(
    network: &N,
    metadata: impl IntoIterator<Item = (String, String)>,
) -> Result<Vec<u8>, String> {
    let network = network.valid();
    let names = ForFile { names: names(&network), dtype: None };
    let adapter = BurnToPyTorchAdapter.chain(HalfPrecisionAdapter::new()).chain(names);
    let store =
        SafetensorsStore::from_bytes(None).with_to_adapter(adapter).skip_enum_variants(true);
    let with = |store: SafetensorsStore, (key, value)| store.metadata(key, value);
    let mut store = metadata.into_iter().fold(store.metadata(NAMES, "pytorch"), with);
    network.save_into(&mut store).map_err(|error| error.to_string())?;
    store.get_bytes().map_err(|error| error.to_string())
}

/// What files call the parameters, by the paths that adapted tensors have.
fn names<N: KeypointNetwork + Module>(network: &N) -> Arc<HashMap<String, String>> {
    let paths = network.collect(None, Some(Box::new(BurnToPyTorchAdapter)), true);
    let name = |one: FileTensor| (one.name.clone(), network.weight_name(&one.name));
    Arc::new(paths.into_iter().map(name).collect())
}

fn write<N: KeypointNetwork + Module>(
    network: &N,
    path: &Path,
    dtype: Option<DType>,
) -> Result<(), WeightsError> {
    // Also brings the running statistics of batch norms up to date.
    let network = network.valid();
    let adapter = BurnToPyTorchAdapter.chain(ForFile { names: names(&network), dtype });
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
