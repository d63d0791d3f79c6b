//! Random mutations of a file.

use rand::rngs::StdRng;
use rand::{Rng, RngExt};

/// Numbers at which readers break: little endian, and big endian when turned round.
const NUMBERS: [u64; 12] = [
    0,
    1,
    0x7f,
    0x80,
    0xff,
    0x7fff,
    0xffff,
    0x7fff_ffff,
    0xffff_ffff,
    0x7fff_ffff_ffff_ffff,
    u64::MAX,
    1 << 40,
];

/// Mutates a file in one to eight places. `words` are put in as they are, `other` is another file of the same kind.
pub fn mutate(rng: &mut StdRng, file: &[u8], other: &[u8], words: &[&[u8]]) -> Vec<u8> {
    let mut bytes = file.to_vec();
    for _ in 0..rng.random_range(1..=8_u32) {
        one(rng, &mut bytes, other, words);
    }
    bytes
}

fn one(rng: &mut StdRng, bytes: &mut Vec<u8>, other: &[u8], words: &[&[u8]]) {
    let at = place(rng, bytes.len());
    match rng.random_range(0..10_u32) {
        0 => set(bytes, at, &[rng.random()]),
        1 => {
            let bit = 1 << rng.random_range(0..8_u32);
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= bit;
            }
        }
        2 => bytes.truncate(at),
        3 => {
            let end = (at + length(rng)).min(bytes.len());
            bytes.drain(at..end);
        }
        4 => {
            // A part again, at another place.
            let end = (at + length(rng)).min(bytes.len());
            let part = bytes[at..end].to_vec();
            let to = place(rng, bytes.len());
            bytes.splice(to..to, part);
        }
        5 | 6 if !words.is_empty() => {
            let word = words[rng.random_range(0..words.len())];
            if rng.random() {
                bytes.splice(at..at, word.iter().copied());
            } else {
                set(bytes, at, word);
            }
        }
        7 => {
            let number = NUMBERS[rng.random_range(0..NUMBERS.len())];
            let size = [1, 2, 4, 8][rng.random_range(0..4_usize)];
            let mut number = number.to_le_bytes()[..size].to_vec();
            if rng.random() {
                number.reverse();
            }
            set(bytes, at, &number);
        }
        8 => {
            // The end of another file.
            let from = place(rng, other.len());
            bytes.truncate(at);
            bytes.extend_from_slice(&other[from..]);
        }
        _ => {
            let byte = rng.random();
            let count = length(rng);
            bytes.splice(at..at, std::iter::repeat_n(byte, count));
        }
    }
}

/// A place in a file. The first bytes, where headers are, come more often than others.
fn place(rng: &mut StdRng, length: usize) -> usize {
    let end = if rng.random() { length.min(256) } else { length };
    rng.random_range(0..=end)
}

/// Mostly a few bytes, sometimes some thousand.
fn length(rng: &mut impl Rng) -> usize {
    let bits = rng.random_range(1..=12_u32);
    rng.random_range(1..=1_usize << bits)
}

fn set(bytes: &mut [u8], at: usize, values: &[u8]) {
    for (byte, value) in bytes[at..].iter_mut().zip(values) {
        *byte = *value;
    }
}
