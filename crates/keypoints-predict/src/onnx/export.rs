//! A predictor as an ONNX file.

use burn::module::Module;
use keypoints_models::KeypointNetwork;

use super::error::OnnxError;
use super::file::OnnxText;
use super::graph::Graph;
use super::metadata::metadata;
use super::trace::export_module;
use crate::predictor::Predictor;

/// What readers of the file are told first.
const DESCRIPTION: &str = "pictures: float crops, 0 to 255, channels before rows. points: x before y in pixels of the crop, 0 at \
                           the centre of the first one. uncertainty, if there: pixels of the crop.";

/// Numbers of pictures that the forward pass is traced with: what differs between the two depends on the batch. No length of a
/// network here is likely to be 5 in one and 7 in the other.
const BATCHES: [usize; 2] = [5, 7];

impl<N: KeypointNetwork + Module> Predictor<N> {
    /// The contents of an ONNX file (opset 18) with the network, what comes before and what comes after it: crops in, points in pixels out.
    /// The [`onnx`](crate::onnx) module has names, shapes and metadata. `license` is that of the weights.
    ///
    /// The number of pictures is free. A program's own network must do all its work on tensors: one that reads numbers back in its
    /// `forward` panics here.
    ///
    /// ```
    /// use burn::tensor::Device;
    /// use keypoints_core::{CoordinateScale, PictureShape, Schema};
    /// use keypoints_models::{NetworkConfig, compact::CompactConfig};
    /// use keypoints_predict::{Model, ModelRecord, NetworkRecord, Predictor};
    ///
    /// // An untrained network for two points.
    /// let (schema, pictures) = (Schema::new("ears", ["left", "right"])?, PictureShape::grey(32));
    /// let config = NetworkConfig::CompactNet(CompactConfig { width: 2, ..Default::default() });
    /// let record = ModelRecord {
    ///     network: NetworkRecord::of(&config, 4, pictures),
    ///     coordinates: schema.coordinates().collect(),
    ///     heads: Default::default(),
    ///     scale: CoordinateScale::centred(32),
    ///     tta: Default::default(),
    ///     label_shifts: Default::default(),
    ///     sources: schema.source_indices().collect(),
    ///     training: Default::default(),
    ///     crop: None,
    ///     margin: None,
    ///     calibration: None,
    ///     pictures,
    ///     schema: schema.into(),
    /// };
    /// let device = Device::flex();
    /// let network = record.init(&config, &device)?;
    /// let predictor = Predictor::of_model(Model { network, record, epoch: 1 }, None, &device);
    ///
    /// let file = tempfile::NamedTempFile::new()?;
    /// std::fs::write(file.path(), predictor.to_onnx_bytes(Some("CC0-1.0"))?)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`OnnxError::SeveralNetworks`] where there is not one network, [`OnnxError::UnsupportedOperation`] where it does what ONNX export has no
    /// form for, and others of [`OnnxError`].
    pub fn to_onnx_bytes(&self, license: Option<&str>) -> Result<Vec<u8>, OnnxError> {
        let [model] = self.models() else {
            return Err(OnnxError::SeveralNetworks { count: self.models().len() });
        };
        let record = &model.record;
        let graph = Graph::of(record)?;
        let text = OnnxText {
            network: record.network.name(),
            description: DESCRIPTION,
            outputs: &["points", "uncertainty"],
            metadata: &metadata(record, &graph.columns, license)?,
        };
        let side = record.pictures.side;
        let shapes = BATCHES.map(|batch| [batch, record.pictures.channels, side, side]);
        export_module(&model.network, shapes, &text, |network, pictures| {
            graph.forward(network, pictures)
        })
    }
}
