//! Updates of one parameter.

use super::*;
use crate::kernel::adam::AdamStep;
use crate::kernel::muon::MuonStep;
use crate::primitive::{update, update_matrix};

/// Parameters are updated outside of any graph: not for autodiff devices.
#[backend_extension(Flex)]
pub(crate) trait OptimizerBackend: Backend {
    /// Parameter and both moments after a step. Their memory is used again where nobody else holds it.
    fn kernel_adam(
        parameter: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        moment_1: FloatTensor<Self>,
        moment_2: FloatTensor<Self>,
        step: AdamStep,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);

    /// Parameter and velocity after a step. The memory of all three is used again where nobody else holds it.
    fn kernel_muon(
        parameter: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        velocity: FloatTensor<Self>,
        step: MuonStep,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);
}

impl OptimizerBackend for Flex {
    fn kernel_adam(
        parameter: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        moment_1: FloatTensor<Self>,
        moment_2: FloatTensor<Self>,
        step: AdamStep,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        update(parameter, gradient, moment_1, moment_2, step)
    }

    fn kernel_muon(
        parameter: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        velocity: FloatTensor<Self>,
        step: MuonStep,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        update_matrix(parameter, gradient, velocity, step)
    }
}
