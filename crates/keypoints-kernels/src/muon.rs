//! Muon's update for optimizers.

use burn::tensor::Tensor;

/// The numbers of one step of Muon (Jordan et al., "Muon: An optimizer for hidden layers in neural networks", 2024), scaled so
/// that it moves weights as far as AdamW does (Liu et al., "Muon is Scalable for LLM Training", 2025).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MuonUpdate {
    /// Learning rate. A step moves weights by 0.2 times this (root mean square), or less where the gradient has a lower rank
    /// than the matrix.
    pub rate: f64,
    /// How much of the last step's velocity goes on, in `0..1`. Steps follow Nesterov's: where the velocity is about to lead.
    pub momentum: f32,
    /// Times learning rate and parameter, taken from the parameter.
    pub decay: f32,
}

impl MuonUpdate {
    /// Parameter and velocity after the step; `Err` gives back what is not ours.
    ///
    /// A parameter is a matrix with a row per value of its first axis: a convolution maps a patch of all its input channels to
    /// a pixel. Velocities start as zeros. Memory, the gradient's too, is used again where nobody else holds it.
    ///
    /// Five iterations of Newton and Schulz with Jordan's coefficients, on the short side of the matrix alone: a third of
    /// the multiplications for a 3×3 convolution. Beside the same iteration on the matrix in `f64`, steps of random
    /// gradients differ by less than a thousandth.
    ///
    /// # Shapes
    /// - all: the parameter's
    ///
    /// # Errors
    /// The three tensors as they were, where they are on another device than Flex or on one for autodiff, of another type than `f32`,
    /// of different shapes or of one axis, and where the kernels are turned off.
    ///
    /// ```
    /// use burn::tensor::{Device, Tensor};
    /// use keypoints_kernels::MuonUpdate;
    ///
    /// let device = Device::flex();
    /// let update = MuonUpdate { rate: 0.1, momentum: 0.95, decay: 0.0 };
    /// let weight = Tensor::<2>::zeros([2, 2], &device);
    /// // Both directions go as far, though one slope is a hundred times the other.
    /// let slope = Tensor::<2>::from_data([[1.0, 0.0], [0.0, 0.01]], &device);
    /// if let Ok([weight, _velocity]) = update.apply([weight.clone(), slope, weight]) {
    ///     let weight = weight.into_data().try_to_vec::<f32>()?;
    ///     let step = 0.1 * 0.2 * 2.0_f32.sqrt();
    ///     assert!((weight[0] / -step - 1.0).abs() < 0.33 && (weight[3] / -step - 1.0).abs() < 0.33);
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[allow(clippy::result_large_err)]
    pub fn apply<const D: usize>(
        &self,
        [parameter, gradient, velocity]: [Tensor<D>; 3],
    ) -> Result<[Tensor<D>; 2], [Tensor<D>; 3]> {
        let tensors = [parameter, gradient, velocity];
        #[cfg(feature = "flex")]
        {
            use crate::conv2d::is_ours;
            use crate::extension::OptimizerBackend;
            use burn::backend::Dispatch;

            let shape = tensors[0].dims();
            let plain = |tensor: &Tensor<D>| {
                is_ours(tensor) && !tensor.device().is_autodiff() && tensor.dims() == shape
            };
            if D >= 2 && tensors.iter().all(plain) {
                let step = self.step(shape[0], shape.iter().skip(1).product());
                let [parameter, gradient, velocity] = tensors.map(Tensor::into_dispatch);
                let updated = Dispatch::kernel_muon(parameter, gradient, velocity, step);
                return Ok([updated.0, updated.1].map(Tensor::from_dispatch));
            }
        }
        Err(tensors)
    }

    #[cfg(feature = "flex")]
    fn step(&self, rows: usize, columns: usize) -> crate::kernel::muon::MuonStep {
        crate::kernel::muon::MuonStep {
            momentum: self.momentum,
            keep: (1.0 - self.rate * f64::from(self.decay)) as f32,
            rate: (self.rate * 0.2 * (rows.max(columns) as f64).sqrt()) as f32,
        }
    }
}
