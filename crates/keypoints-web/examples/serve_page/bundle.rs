//! From the crate to a folder of files that a browser opens.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

use crate::tools::{locked_version, run, wasm_bindgen};

const PACKAGE: &str = "keypoints-web";
const TARGET: &str = "wasm32-unknown-unknown";

/// Where things are.
pub(crate) struct Workspace {
    /// Folder of the workspace.
    root: PathBuf,
    /// Folder of the package.
    package: PathBuf,
    /// Cargo's target folder.
    pub(crate) target: PathBuf,
}

/// Finds the folders: those that this program was compiled in.
pub(crate) fn workspace() -> anyhow::Result<Workspace> {
    let package = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let root = package.ancestors().nth(2).context("the package lies in a workspace")?.to_owned();
    if !root.join("Cargo.lock").is_file() {
        bail!(
            "{}: no Cargo.lock; this program builds from the folder it was compiled in",
            root.display()
        );
    }
    let target = match env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => env::current_dir()?.join(folder),
        None => root.join("target"),
    };
    Ok(Workspace { root, package, target })
}

/// The code of the page.
pub(crate) struct Bundle {
    /// Its file.
    pub(crate) wasm: PathBuf,
    /// The length of that file.
    pub(crate) bytes: u64,
}

impl Bundle {
    /// Compiles, makes what JavaScript needs, and puts the page beside it.
    pub(crate) fn build(workspace: &Workspace, profile: &str, out: &Path) -> anyhow::Result<Self> {
        // What is missing is said before minutes of building.
        let bindgen = wasm_bindgen(&locked_version(&workspace.root, "wasm-bindgen")?)?;
        let compiled = compile(workspace, profile)?;
        let pkg = out.join("pkg");
        fs::create_dir_all(&pkg).with_context(|| pkg.display().to_string())?;
        run(Command::new(bindgen)
            .args(["--target", "web", "--out-name", "keypoints_web"])
            .args(["--remove-name-section", "--remove-producers-section"])
            .arg("--out-dir")
            .args([&pkg, &compiled]))?;
        let wasm = pkg.join("keypoints_web_bg.wasm");
        copy_folder(&workspace.package.join("page"), out)?;
        for (folder, name) in [
            (&workspace.package, "package.json"),
            (&workspace.package, "README.md"),
            (&workspace.root, "LICENSE-APACHE"),
            (&workspace.root, "LICENSE-MIT"),
        ] {
            copy(&folder.join(name), &pkg.join(name))?;
        }
        let bytes = fs::metadata(&wasm).with_context(|| wasm.display().to_string())?.len();
        Ok(Self { wasm, bytes })
    }
}

/// Compiles the package, by the Cargo that runs this program. Returns the file.
fn compile(workspace: &Workspace, profile: &str) -> anyhow::Result<PathBuf> {
    const FLAGS: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS";
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut flags = env::var_os(FLAGS).unwrap_or_default();
    flags.push(" -C target-feature=+simd128");
    let done = run(Command::new(cargo)
        .current_dir(&workspace.root)
        // A library for Rust by itself; a file of its own only here.
        .args(["rustc", "--locked", "--package", PACKAGE, "--lib", "--crate-type", "cdylib"])
        .args(["--target", TARGET, "--profile", profile])
        .arg("--target-dir")
        .arg(&workspace.target)
        .env(FLAGS, flags));
    done.with_context(|| format!("if the target is missing: rustup target add {TARGET}"))?;
    let folder = if profile == "dev" { "debug" } else { profile };
    Ok(workspace.target.join(TARGET).join(folder).join("keypoints_web.wasm"))
}

fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::copy(from, to).with_context(|| format!("{} to {}", from.display(), to.display()))?;
    Ok(())
}

/// Copies the files of a folder and of its folders.
fn copy_folder(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to).with_context(|| to.display().to_string())?;
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        let name: OsString = entry.file_name();
        let (from, to) = (entry.path(), to.join(name));
        match entry.file_type()?.is_dir() {
            true => copy_folder(&from, &to)?,
            false => copy(&from, &to)?,
        }
    }
    Ok(())
}
