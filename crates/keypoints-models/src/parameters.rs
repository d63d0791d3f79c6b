//! Counting what is trained.

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::Tensor;

/// How many numbers of a network are trained: weights and biases, but not the running statistics of
/// batch-norm layers (Burn's `num_params` counts those too; PyTorch calls them buffers).
///
/// The network has to live on a device with gradients, and frozen parameters do not count.
///
/// ```
/// use burn::tensor::Device;
/// use keypoints_models::{NetworkConfig, trained_parameters};
///
/// let device = Device::flex().autodiff();
/// let network = NetworkConfig::by_name("simple_cnn")?.with_outputs(8).init(&device)?;
/// assert_eq!(trained_parameters(&network), 20_024_136);
/// # Ok::<(), keypoints_models::ModelError>(())
/// ```
pub fn trained_parameters(network: &impl Module) -> usize {
    struct Count(usize);
    impl ModuleVisitor for Count {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            let tensor = param.val();
            if tensor.is_require_grad() {
                self.0 += tensor.shape().num_elements();
            }
        }
    }
    let mut count = Count(0);
    network.visit(&mut count);
    count.0
}
