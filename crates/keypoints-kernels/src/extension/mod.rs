//! Our operations as extensions of Burn's backends, with their hand-written backward passes.
//!
//! `#[backend_extension]` implements each trait for Burn's `Dispatch`: a call with dispatch tensors goes to
//! `Flex`, or to `Autodiff<Flex, _>` where a tensor lives on an autodiff device. The public functions have
//! checked what gets here: tensors are `f32` and their sizes fit.

mod activation;
mod conv;
mod gate;
mod heat_map;
mod inference;
mod maps;
mod norm;
mod optimizer;

pub(crate) use activation::ActivationBackend;
pub(crate) use conv::ConvBackend;
pub(crate) use gate::GateBackend;
pub(crate) use heat_map::HeatMapBackend;
pub(crate) use inference::InferenceBackend;
pub(crate) use maps::MapsBackend;
pub(crate) use norm::NormBackend;
pub(crate) use optimizer::OptimizerBackend;
