//! Head and backbone as groups of parameters.

use burn::module::{Flag, Module, ModuleVisitor, Param, ParamGroup, ParamId};
use burn::tensor::{Bool, Int, Tensor};

use crate::network::KeypointNetwork;

/// All parameters but the head's: what is frozen first, or trained more slowly, when a trained network learns a new task.
///
/// ```
/// use burn::module::Module;
/// use burn::tensor::Device;
/// use keypoints_models::efficientnet::EfficientNetConfig;
/// use keypoints_models::{trained_parameters, backbone_group};
///
/// let device = Device::flex().autodiff();
/// let config = EfficientNetConfig { outputs: 30, width: 0.25, stages: 3, ..Default::default() };
/// let network = config.init(&device)?;
/// let group = backbone_group(&network);
/// assert_eq!(trained_parameters(&network.freeze_group(group)), (64 + 1) * 30);
/// # Ok::<(), keypoints_models::ModelError>(())
/// ```
pub fn backbone_group<N: KeypointNetwork + Module>(network: &N) -> ParamGroup {
    ParamGroup::from_ids(split(network).backbone)
}

/// The parameters of the head.
pub fn head_group<N: KeypointNetwork + Module>(network: &N) -> ParamGroup {
    ParamGroup::from_ids(split(network).heads)
}

fn split<N: KeypointNetwork + Module>(network: &N) -> Split {
    let name = network.head();
    let mut split = Split { name, path: Vec::new(), backbone: Vec::new(), heads: Vec::new() };
    network.visit(&mut split);
    split
}

struct Split {
    name: &'static str,
    path: Vec<String>,
    backbone: Vec<ParamId>,
    heads: Vec<ParamId>,
}

impl Split {
    fn add(&mut self, id: ParamId) {
        let in_head = self.path.iter().any(|part| part == self.name);
        if in_head { self.heads.push(id) } else { self.backbone.push(id) }
    }
}

impl ModuleVisitor for Split {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.to_owned());
    }
    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.add(param.id);
    }
    fn visit_int<const D: usize>(&mut self, param: &Param<Tensor<D, Int>>) {
        self.add(param.id);
    }
    fn visit_bool<const D: usize>(&mut self, param: &Param<Tensor<D, Bool>>) {
        self.add(param.id);
    }
    fn visit_flag(&mut self, flag: &Param<Flag>) {
        self.add(flag.id);
    }
}
