//! Devices by name, as command lines give them.

use burn::tensor::{Device, Tensor};

use crate::error::TrainError;

/// The device names that this build understands: `auto` and one per compiled-in backend.
pub const DEVICE_NAMES: &[&str] = &[
    "auto",
    #[cfg(feature = "flex")]
    "flex",
    #[cfg(feature = "cuda")]
    "cuda",
    #[cfg(feature = "wgpu")]
    "wgpu",
    #[cfg(feature = "vulkan")]
    "vulkan",
];

/// Turns a name into a device and makes sure that it computes.
///
/// `auto` takes the first of `cuda`, `vulkan`, `wgpu` and `flex` that is compiled in and works.
///
/// # Errors
/// [`TrainError::UnknownDevice`] for a name this build does not have, [`TrainError::DeviceUnavailable`] where
/// the driver or the hardware is missing.
///
/// ```
/// use keypoints_train::parse_device;
///
/// let device = parse_device("flex")?;
/// assert!(parse_device("abacus").is_err());
/// # Ok::<(), keypoints_train::TrainError>(())
/// ```
pub fn parse_device(name: &str) -> Result<Device, TrainError> {
    if name == "auto" {
        return first_working(&["cuda", "vulkan", "wgpu", "flex"]);
    }
    if !DEVICE_NAMES.contains(&name) {
        return Err(TrainError::UnknownDevice {
            name: name.to_owned(),
            known: DEVICE_NAMES.to_vec(),
        });
    }
    // A missing driver shows as a panic deep inside the GPU runtimes. Catching it here, once, turns it into
    // the one-line error a user can act on; nothing else of that runtime is used afterwards.
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let attempt = std::panic::catch_unwind(|| {
        let device = open(name)?;
        // Some drivers load and then cannot compute: ask for one sum.
        let two = Tensor::<1>::ones([2], &device).sum().try_into_scalar::<f32>().ok()?;
        (two == 2.0).then_some(device)
    });
    std::panic::set_hook(hook);
    let unavailable = |reason| TrainError::DeviceUnavailable { name: name.to_owned(), reason };
    match attempt {
        Ok(Some(device)) => Ok(device),
        Ok(None) => Err(unavailable("it cannot compute".to_owned())),
        Err(panic) => Err(unavailable(first_line(&panic))),
    }
}

fn first_working(names: &[&'static str]) -> Result<Device, TrainError> {
    let mut last =
        TrainError::UnknownDevice { name: "auto".to_owned(), known: DEVICE_NAMES.to_vec() };
    for name in names.iter().filter(|name| DEVICE_NAMES.contains(name)) {
        match parse_device(name) {
            Ok(device) => return Ok(device),
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn open(name: &str) -> Option<Device> {
    match name {
        #[cfg(feature = "flex")]
        "flex" => Some(Device::flex()),
        #[cfg(feature = "cuda")]
        "cuda" => Some(Device::cuda(0)),
        #[cfg(feature = "wgpu")]
        "wgpu" => Some(Device::wgpu(burn::tensor::DeviceKind::DefaultDevice)),
        #[cfg(feature = "vulkan")]
        "vulkan" => Some(Device::vulkan(burn::tensor::DeviceKind::DefaultDevice)),
        _ => None,
    }
}

/// A short text for logs and run records, `Flex` for example.
pub fn describe_device(device: &Device) -> String {
    format!("{:?}", device.as_dispatch())
}

fn first_line(panic: &Box<dyn std::any::Any + Send>) -> String {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("its runtime failed to start");
    text.lines().next().unwrap_or_default().to_owned()
}
