//! The server of the example `serve_page`: what it hands out, and what it does not.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

#[path = "../examples/serve_page/media_type.rs"]
mod media_type;
#[path = "../examples/serve_page/server.rs"]
mod server;

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

use tempfile::TempDir;

/// A folder with a page, beside a file that is not part of it, and the address of its server.
fn site() -> (TempDir, SocketAddr) {
    let home = TempDir::new().unwrap();
    let page = home.path().join("page");
    fs::create_dir_all(page.join("pkg")).unwrap();
    fs::write(page.join("index.html"), "<p>hello").unwrap();
    fs::write(page.join("pkg/a b.wasm"), [0, 97, 115, 109]).unwrap();
    fs::write(home.path().join("secret.html"), "secret").unwrap();
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || server::serve(&listener, &page).unwrap());
    (home, address)
}

/// Status line, head and contents of the answer to a request.
fn ask(address: SocketAddr, request: &str) -> (String, String, Vec<u8>) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(answer[..end].to_vec()).unwrap();
    let (status, head) = head.split_once("\r\n").unwrap();
    (status.to_owned(), head.to_owned(), answer[end + 4..].to_vec())
}

fn get(address: SocketAddr, target: &str) -> (String, String, Vec<u8>) {
    ask(address, &format!("GET {target} HTTP/1.1\r\nHost: here\r\n\r\n"))
}

#[test]
fn files_come_with_their_types() {
    let (_home, address) = site();
    let (status, head, contents) = get(address, "/");
    assert_eq!((status.as_str(), &contents[..]), ("HTTP/1.1 200 OK", &b"<p>hello"[..]));
    assert!(head.contains("Content-Type: text/html; charset=utf-8\r\n"), "{head}");
    assert!(head.contains("Content-Length: 8\r\n"), "{head}");
    let (status, head, contents) = get(address, "/pkg/a%20b.wasm?version=1");
    assert_eq!((status.as_str(), &contents[..]), ("HTTP/1.1 200 OK", &[0, 97, 115, 109][..]));
    assert!(head.contains("Content-Type: application/wasm\r\n"), "{head}");
    let (status, head, contents) = ask(address, "HEAD / HTTP/1.1\r\n\r\n");
    assert_eq!((status.as_str(), contents.len()), ("HTTP/1.1 200 OK", 0));
    assert!(head.contains("Content-Length: 8\r\n"), "{head}");
}

#[test]
fn nothing_beside_the_folder_comes() {
    let (_home, address) = site();
    for target in [
        "/../secret.html",
        "/pkg/../../secret.html",
        "/%2e%2e/secret.html",
        "/%2E%2E%2Fsecret.html",
        "/..%5csecret.html",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/C:/windows",
        "/index.html%00",
        "/%",
        "/%+1",
        "/%ff",
        "/pkg",
        "/nothing",
        "secret.html",
        "*",
    ] {
        let (status, _, contents) = get(address, target);
        assert_eq!(status, "HTTP/1.1 404 Not Found", "{target}");
        assert!(!contents.windows(6).any(|six| six == b"secret"), "{target}");
    }
}

#[cfg(unix)]
#[test]
fn links_do_not_lead_out_of_the_folder() {
    let (home, address) = site();
    let link = home.path().join("page/link.html");
    std::os::unix::fs::symlink(home.path().join("secret.html"), link).unwrap();
    assert_eq!(get(address, "/link.html").0, "HTTP/1.1 404 Not Found");
}

#[test]
fn other_requests_are_refused() {
    let (_home, address) = site();
    let ask = |request: &str| ask(address, request).0;
    assert_eq!(ask("POST / HTTP/1.1\r\n\r\n"), "HTTP/1.1 405 Method Not Allowed");
    assert_eq!(ask("GET /\r\n\r\n"), "HTTP/1.1 400 Bad Request");
    assert_eq!(ask("\r\n\r\n"), "HTTP/1.1 400 Bad Request");
    // A head without an end is read up to a limit.
    let (status, ..) = get(address, &format!("/{}", "a".repeat(1000)));
    assert_eq!(status, "HTTP/1.1 404 Not Found");
}
