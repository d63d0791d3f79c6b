//! The commands that do the work.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

/// Runs a command to its end; what it says goes where this program's words go.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| name.clone())?;
    if !status.success() {
        bail!("{name}: {status}");
    }
    Ok(())
}

/// The version of a package in `Cargo.lock`.
pub(crate) fn locked_version(workspace: &Path, package: &str) -> anyhow::Result<String> {
    let path = workspace.join("Cargo.lock");
    let lock = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let start = format!("name = \"{package}\"\nversion = \"");
    let version = lock.split_once(&start).and_then(|(_, rest)| rest.split_once('"'));
    let (version, _) =
        version.with_context(|| format!("{}: no package {package}", path.display()))?;
    Ok(version.to_owned())
}

/// The command `wasm-bindgen` of just this version: the file that it reads has another form in each.
pub(crate) fn wasm_bindgen(version: &str) -> anyhow::Result<PathBuf> {
    let name = PathBuf::from("wasm-bindgen");
    let install = format!("cargo install wasm-bindgen-cli --version {version}");
    let Ok(output) = Command::new(&name).arg("--version").output() else {
        bail!("the command `wasm-bindgen` is missing; install it: {install}");
    };
    let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if said.split_whitespace().nth(1) != Some(version) {
        bail!(
            "the command `wasm-bindgen` must be of version {version}, but it is \"{said}\": {install}"
        );
    }
    Ok(name)
}
