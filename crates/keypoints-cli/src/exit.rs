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
            tell(format_args!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<std::io::Error>()
        .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

/// Writes a line to standard output. Where nobody reads any more, as after `cv | head -1`, the words are dropped and
/// the work goes on: a program that speaks before it draws its pictures still draws them.
///
/// ```
/// keypoints_cli::say("3 faces")?;
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// Whatever else standard output reports, a full disk for example.
pub fn say(line: impl std::fmt::Display) -> std::io::Result<()> {
    print(&format!("{line}\n"))
}

/// Writes a line to standard error: what is not a result. Where nobody reads it any more, as after `predict 2>&1 | head -1`, the
/// words are dropped and the work goes on.
///
/// ```
/// keypoints_cli::tell("left out: face_9.jpg");
/// ```
pub fn tell(line: impl std::fmt::Display) {
    use std::io::Write as _;

    let _ = writeln!(std::io::stderr(), "{line}");
}

/// [`say`], for text that has its line ends.
pub(crate) fn print(text: &str) -> std::io::Result<()> {
    use std::io::{ErrorKind, Write};
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}
