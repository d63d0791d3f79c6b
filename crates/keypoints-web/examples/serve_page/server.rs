//! A small HTTP server for the files of one folder: for this machine, not for the internet.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::media_type::media_type;

/// The longest head of a request.
const LONGEST_HEAD: u64 = 16 * 1024;

/// The longest wait for a browser that says nothing, or does not read.
const PATIENCE: Duration = Duration::from_secs(10);

/// Answers requests for the files of a folder, each in a thread, as long as the program runs.
///
/// # Errors
/// If the folder is not there.
pub(crate) fn serve(listener: &TcpListener, folder: &Path) -> io::Result<()> {
    let folder = folder.canonicalize()?;
    for stream in listener.incoming() {
        // A connection that is gone before it was taken is nobody's problem; a browser comes again.
        let Ok(stream) = stream else { continue };
        let folder = folder.clone();
        thread::spawn(move || answer(&stream, &folder));
    }
    Ok(())
}

/// Answers one request.
fn answer(stream: &TcpStream, folder: &Path) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut head = BufReader::new(stream.take(LONGEST_HEAD)).lines();
    let request = head.next().transpose()?.unwrap_or_default();
    // A connection that is closed with a part of the request unread is reset, and the answer may be lost.
    while head.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let mut words = request.split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let is_http = words.next().is_some_and(|version| version.starts_with("HTTP/1."));
    match method {
        _ if !is_http => refuse(stream, "400 Bad Request"),
        "GET" | "HEAD" => match file_of(folder, target).and_then(|path| Some((open(&path)?, path)))
        {
            Some(((file, length), path)) => {
                let begin = start("200 OK", media_type(&path), length);
                (&mut &*stream).write_all(begin.as_bytes())?;
                match method {
                    "GET" => io::copy(&mut file.take(length), &mut &*stream).map(drop),
                    _ => Ok(()),
                }
            }
            None => refuse(stream, "404 Not Found"),
        },
        _ => refuse(stream, "405 Method Not Allowed"),
    }
}

/// A file and its length.
fn open(path: &Path) -> Option<(File, u64)> {
    let file = File::open(path).ok()?;
    let length = file.metadata().ok().filter(|one| one.is_file())?.len();
    Some((file, length))
}

/// The file that a request's target names; of a folder its `index.html`. `None` where it names nothing within `folder`, which is absolute and
/// without links.
pub(crate) fn file_of(folder: &Path, target: &str) -> Option<PathBuf> {
    let path = target.split(['?', '#']).next()?.strip_prefix('/')?;
    let relative = PathBuf::from(decoded(path)?);
    // Neither `..` nor the root of a disk.
    if !relative.components().all(|part| matches!(part, Component::Normal(_))) {
        return None;
    }
    let mut file = folder.join(relative);
    if file.is_dir() {
        file.push("index.html");
    }
    // Links may lead out of the folder.
    file.canonicalize().ok().filter(|file| file.starts_with(folder))
}

/// Text with its `%20` and the like resolved. `None` where that is no text, or has characters that no file of the page has.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                let digits = std::str::from_utf8(&digits).ok()?;
                u8::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'))?
            }
            byte => byte,
        });
    }
    let text = String::from_utf8(bytes).ok()?;
    let is_odd = |one: char| one.is_control() || one == '\\' || one == ':';
    (!text.contains(is_odd)).then_some(text)
}

/// Everything before the contents.
fn start(status: &str, kind: &str, length: u64) -> String {
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nCache-Control: no-cache\r\n\
         X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n"
    )
}

fn refuse(mut stream: &TcpStream, status: &str) -> io::Result<()> {
    let text = format!("{status}\n");
    let begin = start(status, "text/plain; charset=utf-8", text.len() as u64);
    stream.write_all(format!("{begin}{text}").as_bytes())
}
