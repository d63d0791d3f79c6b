//! Build the page that finds faces in the browser, and serve it.

mod bundle;
mod media_type;
mod server;
mod tools;

use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;

use crate::bundle::{Bundle, workspace};

/// Builds the page that finds faces in the browser, and serves it on this machine: the address is printed. Photos and camera pictures stay in
/// the browser.
///
/// Needs the Rust target `wasm32-unknown-unknown` and the command `wasm-bindgen`; says how to install them where they are missing.
///
/// What is written can be put on any web server that speaks HTTPS. Its folder `pkg` is a package for npm.
#[derive(Parser)]
#[command(name = "serve_page", after_help = EXAMPLES)]
struct Args {
    /// Port on this machine; 0 takes any that is free.
    #[arg(long, default_value_t = 8080)]
    port: u16,

    /// Cargo's profile for the WebAssembly: `wasm` is small and fast, `release` is built sooner.
    #[arg(long, value_name = "NAME", default_value = "wasm")]
    profile: String,

    /// Build only.
    #[arg(long)]
    no_serve: bool,

    /// Folder for the page; files in it are replaced. [default: `page` in Cargo's target folder]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  serve_page                           build, and serve on http://127.0.0.1:8080
  serve_page --no-serve --out public   a folder for a web server";

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> anyhow::Result<()> {
    let workspace = workspace()?;
    let out = args.out.clone().unwrap_or_else(|| workspace.target.join("page"));
    // A port that is taken is known before minutes of building.
    let listener =
        match args.no_serve {
            true => None,
            false => {
                let address = (Ipv4Addr::LOCALHOST, args.port);
                let bound = TcpListener::bind(address);
                Some(bound.with_context(|| {
                    format!("port {}: --port 0 takes one that is free", args.port)
                })?)
            }
        };
    let Bundle { wasm, bytes } = Bundle::build(&workspace, &args.profile, &out)?;
    println!("{}: the page; {}: {bytes} bytes of code and networks", out.display(), wasm.display());
    if let Some(listener) = listener {
        println!("http://{}/ (Ctrl-C ends)", listener.local_addr()?);
        server::serve(&listener, &out)?;
    }
    Ok(())
}
