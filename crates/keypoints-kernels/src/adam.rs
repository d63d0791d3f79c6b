//! Adam's update for optimizers.

use burn::tensor::Tensor;

/// The numbers of one step of Adam (Kingma and Ba, 2015) or AdamW (Loshchilov and Hutter, 2019).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdamUpdate {
    /// Learning rate.
    pub rate: f64,
    /// Decay of the mean gradient, in `0..1`.
    pub beta_1: f32,
    /// Decay of the mean squared gradient, in `0..1`.
    pub beta_2: f32,
    /// Added to the root of the mean squared gradient.
    pub epsilon: f32,
    /// Times the parameter, added to the gradient: Adam's weight decay.
    pub penalty: f32,
    /// Times learning rate and parameter, taken from the parameter: AdamW's weight decay.
    pub decay: f32,
    /// Which step it is, counted from 1.
    pub time: usize,
}

impl AdamUpdate {
    /// Parameter and both moments after the step, in one pass over all of them; `Err` gives back what is not
    /// ours: other devices than Flex, other types than `f32`.
    ///
    /// Memory is used again where nobody else holds it.
    ///
    /// # Shapes
    /// - all: the parameter's
    ///
    /// # Errors
    /// The four tensors as they were.
    ///
    /// ```
    /// use burn::tensor::{Device, Tensor};
    /// use keypoints_kernels::AdamUpdate;
    ///
    /// let device = Device::flex();
    /// let update = AdamUpdate {
    ///     rate: 0.1, beta_1: 0.9, beta_2: 0.999, epsilon: 1e-8, penalty: 0.0, decay: 0.0, time: 1,
    /// };
    /// let weight = Tensor::<1>::from_data([1.0, 2.0], &device);
    /// let slope = Tensor::<1>::from_data([0.5, -3.0], &device);
    /// let zeros = Tensor::<1>::zeros([2], &device);
    /// // Adam's first step is as long as the learning rate, whatever the slope.
    /// if let Ok([weight, ..]) = update.apply([weight, slope, zeros.clone(), zeros]) {
    ///     let weight = weight.into_data().try_to_vec::<f32>()?;
    ///     assert!((weight[0] - 0.9).abs() < 1e-6 && (weight[1] - 2.1).abs() < 1e-6);
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[allow(clippy::result_large_err)]
    pub fn apply<const D: usize>(
        &self,
        [parameter, gradient, moment_1, moment_2]: [Tensor<D>; 4],
    ) -> Result<[Tensor<D>; 3], [Tensor<D>; 4]> {
        let tensors = [parameter, gradient, moment_1, moment_2];
        #[cfg(feature = "flex")]
        {
            use crate::conv2d::is_ours;
            use crate::extension::OptimizerBackend;
            use burn::backend::Dispatch;

            let shape = tensors[0].dims();
            let plain = |tensor: &Tensor<D>| {
                is_ours(tensor) && !tensor.device().is_autodiff() && tensor.dims() == shape
            };
            if tensors.iter().all(plain) {
                let [parameter, gradient, moment_1, moment_2] = tensors.map(Tensor::into_dispatch);
                let updated =
                    Dispatch::kernel_adam(parameter, gradient, moment_1, moment_2, self.step());
                return Ok([updated.0, updated.1, updated.2].map(Tensor::from_dispatch));
            }
        }
        Err(tensors)
    }

    #[cfg(feature = "flex")]
    fn step(&self) -> crate::kernel::adam::AdamStep {
        let time = self.time as i32;
        let root = (1.0 - f64::from(self.beta_2).powi(time)).sqrt();
        crate::kernel::adam::AdamStep {
            beta_1: self.beta_1,
            beta_2: self.beta_2,
            penalty: self.penalty,
            keep: (1.0 - self.rate * f64::from(self.decay)) as f32,
            rate: (self.rate * root / (1.0 - f64::from(self.beta_1).powi(time))) as f32,
            epsilon: (f64::from(self.epsilon) * root) as f32,
        }
    }
}
