//! torchvision's names of the parameters.

use super::trunk::Trunk;

/// The name that torchvision gives to a parameter, by its path in our module (`trunk.stem.conv.weight` is
/// `features.0.0.weight`).
///
/// Inside a block torchvision counts its parts, so that a name depends on which of them there are.
pub(super) fn torchvision(trunk: &Trunk, path: &str) -> String {
    let parts: Vec<&str> = path.split('.').collect();
    let conv_norm = |part: &str| if part == "conv" { "0" } else { "1" };
    match parts[..] {
        ["head", leaf] => format!("classifier.1.{leaf}"),
        ["trunk", "stem", part, leaf] => format!("features.0.{}.{leaf}", conv_norm(part)),
        ["trunk", "last", part, leaf] => {
            let index = trunk.stages.len() + 1;
            format!("features.{index}.{}.{leaf}", conv_norm(part))
        }
        ["trunk", "stages", stage, block, layer, part, leaf] => {
            let index = |text: &str| text.parse::<usize>().unwrap_or(usize::MAX);
            let (stage, block) = (index(stage), index(block));
            let one = trunk.stages.get(stage).and_then(|blocks| blocks.get(block));
            let expanded = one.is_some_and(|block| block.expand.is_some());
            let squeezed = one.is_some_and(|block| block.squeeze.is_some());
            let number = match layer {
                "expand" => 0,
                "depthwise" => usize::from(expanded),
                "squeeze" => usize::from(expanded) + 1,
                _ => usize::from(expanded) + usize::from(squeezed) + 1,
            };
            let part = if layer == "squeeze" { part } else { conv_norm(part) };
            format!("features.{}.{block}.block.{number}.{part}.{leaf}", stage + 1)
        }
        _ => path.to_owned(),
    }
}
