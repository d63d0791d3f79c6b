//! Fetching weights, from a server of this test's own.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.
#![cfg(feature = "download")]

use std::io::{Read, Write};
use std::net::TcpListener;

use keypoints_models::weights::{Published, WeightsError, cached, download_into, sha256};

/// Answers so many requests with these bytes; returns the address.
fn serve(contents: &'static [u8], requests: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().take(requests) {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]).unwrap();
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                contents.len()
            );
            stream.write_all(head.as_bytes()).unwrap();
            stream.write_all(contents).unwrap();
        }
    });
    format!("http://{address}")
}

#[test]
fn fetches_once_and_checks() {
    let contents = b"some weights";
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy");
    std::fs::write(&copy, contents).unwrap();
    let file = format!("weights-{}.pth", &sha256(&copy).unwrap()[..8]);
    let url = format!("{}/{file}", serve(contents, 2));
    let published = Published { file: file.clone(), url };
    let path = folder.path().join("cache").join(file);
    let mut told = Vec::new();
    download_into(&published, &path, &mut |done, total| told.push((done, total))).unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), contents);
    assert_eq!(told.last(), Some(&(12, Some(12))));
    // It is not asked for again.
    download_into(&published, &path, &mut |_, _| panic!("nothing to fetch")).unwrap();
    // What is there is checked all the same, and fetched anew where it is damaged.
    std::fs::write(&path, "other").unwrap();
    download_into(&published, &path, &mut |_, _| ()).unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), contents);
}

#[test]
fn another_file_is_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let file = "weights-00c0ffee.pth".to_owned();
    // Under another name it is the same file.
    let path = folder.path().join("mine.pth");
    let published = Published { url: serve(b"something else", 1), file };
    let error = download_into(&published, &path, &mut |_, _| ()).unwrap_err();
    assert!(matches!(error, WeightsError::WrongHash { .. }), "{error}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn without_a_network_the_way_out_is_named() {
    let folder = tempfile::tempdir().unwrap();
    // A port that was free a moment ago.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}/weights.pth");
    let published = Published { file: "weights.pth".to_owned(), url: url.clone() };
    let path = folder.path().join("weights.pth");
    let error = download_into(&published, &path, &mut |_, _| ()).unwrap_err().to_string();
    assert!(error.contains(&url) && error.contains("--weights PATH"), "{error}");
    assert!(!path.exists());
    let place = cached(&Published::efficientnet_b0()).unwrap();
    assert!(place.ends_with("facial-keypoints/efficientnet_b0_rwightman-7f5810bc.pth"));
}
