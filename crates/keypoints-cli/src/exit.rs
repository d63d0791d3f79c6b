//! How a program ends.

use std::process::ExitCode;

/// Turns a program's result into its exit code: 0, or 1 after one line on standard error.
///
/// (Wrong flags end with 2; that is clap's doing.)
///
/// ```
/// use keypoints_cli::finish;
/// use std::process::ExitCode;
///
/// assert_eq!(finish(Ok(())), ExitCode::SUCCESS);
/// assert_eq!(finish(Err(anyhow::anyhow!("no data"))), ExitCode::FAILURE);
/// ```
pub fn finish(result: anyhow::Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // `explore | head` closes our output early: that is not an error.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<std::io::Error>()
        .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

/// Writes a line to standard output. Unlike `println!` it reports a reader that went away, as in `compare | head`,
/// and [`finish`] then ends the program quietly.
///
/// ```
/// keypoints_cli::say("3 faces")?;
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// Whatever standard output reports.
pub fn say(line: impl std::fmt::Display) -> std::io::Result<()> {
    use std::io::Write;
    writeln!(std::io::stdout().lock(), "{line}")
}
