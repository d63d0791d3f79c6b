//! What can go wrong between a network and an ONNX file.

use burn_onnx::export::ExportError;

use crate::error::PredictError;

/// Why a network cannot be written as an ONNX file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OnnxError {
    /// There is more than one network, or none.
    #[error(
        "an ONNX file holds one network, but this predictor has {count}: export each on its own"
    )]
    SeveralNetworks {
        /// How many there are.
        count: usize,
    },
    /// The network knows one coordinate of a point only, and ONNX files hold points.
    #[error(
        "the network predicts `{known}` but not `{missing}`: an ONNX file needs both coordinates of a point"
    )]
    HalfPoint {
        /// The coordinate that it predicts.
        known: String,
        /// The other one.
        missing: String,
    },
    /// Test-time augmentation needs what the schema or the network does not have.
    #[error(transparent)]
    Predict(#[from] PredictError),
    /// The network uses an operation that cannot be written.
    #[error(
        "network `{network}` cannot be exported: there is no ONNX form of its operation `{operation}`{}. Write that part of its \
         `forward` with other operations: burn-onnx knows convolutions, pooling, batch norm, linear layers, ReLU, sigmoid, exp, \
         sqrt, arithmetic, `sum_dim`, `reshape`, `select` and `cat`",
        layer.as_ref().map_or(String::new(), |layer| format!(", at or after layer `{layer}`"))
    )]
    UnsupportedOperation {
        /// The network's name.
        network: String,
        /// What Burn calls the operation.
        operation: String,
        /// The layer that it belongs to or follows; `None` before the first one.
        layer: Option<String>,
    },
    /// The network cannot be traced, or its shape depends on the number of pictures in another way than ONNX can say.
    #[error("network `{network}` cannot be exported: {source}")]
    Export {
        /// The network's name.
        network: String,
        /// What burn-onnx says.
        source: ExportError,
    },
    /// A part of the file could not be written.
    #[error("cannot write the ONNX file: {0}")]
    Encode(String),
}
