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
/// `auto` takes the first of `cuda`, `vulkan`, `wgpu` and `flex` that is compiled in and works, and passes over
/// devices that only imitate a GPU on the CPU: `flex` is faster.
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
        let Some(device) = open(name) else { return Err("not compiled in".to_owned()) };
        if let Some(software) = software_name(&device).filter(|_| compiles_to_spirv(name)) {
            return Err(format!("{software} is no GPU, and Burn's SPIR-V shaders crash it"));
        }
        // Some drivers load and then cannot compute: ask for one sum.
        let two = Tensor::<1>::ones([2], &device).sum().try_into_scalar::<f32>().ok();
        two.filter(|&two| two == 2.0).map(|_| device).ok_or_else(|| "it cannot compute".to_owned())
    });
    std::panic::set_hook(hook);
    let attempt = attempt.unwrap_or_else(|panic| Err(first_line(&panic)));
    let unavailable = |reason| TrainError::DeviceUnavailable { name: name.to_owned(), reason };
    attempt.map_err(unavailable)
}

/// The name of a device that imitates a GPU on the CPU.
fn software_name(device: &Device) -> Option<String> {
    #[cfg(any(feature = "cuda", feature = "wgpu", feature = "vulkan"))]
    {
        const SOFTWARE: [&str; 3] = ["llvmpipe", "SwiftShader", "Basic Render"];
        let name = device.identity()?.name.to_string();
        SOFTWARE.iter().any(|software| name.contains(software)).then_some(name)
    }
    #[cfg(not(any(feature = "cuda", feature = "wgpu", feature = "vulkan")))]
    {
        let _ = device;
        None
    }
}

/// Whether shaders reach the device as SPIR-V from Burn's own compiler. cubecl-spirv 0.11.3 declares shared memory as a
/// pointer to a pointer where the driver lacks `VK_KHR_workgroup_memory_explicit_layout`, as Mesa's software
/// device does, and that driver then crashes the process: it must not get that far.
fn compiles_to_spirv(name: &str) -> bool {
    cfg!(feature = "vulkan") && (name == "vulkan" || name == "wgpu")
}

fn first_working(names: &[&'static str]) -> Result<Device, TrainError> {
    let mut last =
        TrainError::UnknownDevice { name: "auto".to_owned(), known: DEVICE_NAMES.to_vec() };
    for name in names.iter().filter(|name| DEVICE_NAMES.contains(name)) {
        match parse_device(name) {
            Ok(device) if software_name(&device).is_some() => {}
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

/// Whether a device computes on the CPU, by our kernels.
pub(crate) fn is_cpu(device: &Device) -> bool {
    open("flex").is_some_and(|cpu| cpu == *device)
}

fn first_line(panic: &Box<dyn std::any::Any + Send>) -> String {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("its runtime failed to start");
    text.lines().next().unwrap_or_default().to_owned()
}
