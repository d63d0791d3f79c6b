//! Uncompressed video: `Y4mFrames`.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

use keypoints_fuzz::{Meter, Seeds};
use keypoints_image::Y4mFrames;

#[global_allocator]
static METER: Meter = Meter;

fn video(colours: &str, bytes: usize) -> Vec<u8> {
    let mut file = format!("YUV4MPEG2 W8 H6 F25:1 Ip A1:1 C{colours}\n").into_bytes();
    for frame in 0..3 {
        file.extend_from_slice(b"FRAME\n");
        file.extend((0..bytes).map(|at| (at * 7 + frame) as u8));
    }
    file
}

#[test]
fn video_files() {
    let files = vec![
        video("420jpeg", 8 * 6 * 3 / 2),
        video("444", 8 * 6 * 3),
        video("mono", 8 * 6),
        video("420p10", 8 * 6 * 3),
    ];
    let words: [&[u8]; 12] = [
        b"FRAME\n",
        b"FRAME",
        b" W",
        b" H",
        b" F0:0",
        b" C422",
        b" C411",
        b" C444alpha",
        b" C420p16",
        b"99999",
        b" X",
        b"\n",
    ];
    Seeds { name: "video", files, words: &words, memory: 1 << 30 }.fuzz(|bytes| {
        let Ok(frames) = Y4mFrames::new(bytes) else { return };
        for frame in frames.take(10) {
            if frame.is_err() {
                break;
            }
        }
    });
}
