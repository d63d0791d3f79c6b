//! A network's weights as a whole.

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::{Bool, Int, Tensor, TensorData};
use xxhash_rust::xxh3::Xxh3;

/// Makes every parameter exist.
///
/// Burn draws initial weights when they are first looked at. Looking at all of them now keeps them
/// independent of what else draws random numbers before the first forward pass.
pub(crate) fn materialise(network: &impl Module) {
    struct Look;
    impl ModuleVisitor for Look {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            let _ = param.val();
        }
    }
    network.visit(&mut Look);
}

/// A hash over all weights in their order, as sixteen hexadecimal digits. Equal weights, equal hash, on
/// every device and in every process.
pub(crate) fn fingerprint(network: &impl Module) -> String {
    struct Hash(Xxh3);
    impl Hash {
        fn add(&mut self, data: TensorData) {
            self.0.update(&data.into_bytes());
        }
    }
    impl ModuleVisitor for Hash {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            self.add(param.val().into_data());
        }
        fn visit_int<const D: usize>(&mut self, param: &Param<Tensor<D, Int>>) {
            self.add(param.val().into_data());
        }
        fn visit_bool<const D: usize>(&mut self, param: &Param<Tensor<D, Bool>>) {
            self.add(param.val().into_data());
        }
    }
    let mut hash = Hash(Xxh3::new());
    network.visit(&mut hash);
    format!("{:016x}", hash.0.digest())
}
