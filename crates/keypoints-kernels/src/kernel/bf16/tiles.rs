//! Intel's tile registers.
//!
//! A tile is 16 rows of 64 bytes. `tdpbf16ps` adds to a tile of 16 × 16 `f32` the product of a tile of
//! 16 rows of 32 bf16 and one of 16 rows of 16 pairs of bf16 (Intel 64 and IA-32 Architectures Software
//! Developer's Manual, volume 1, chapter 18). Rust's intrinsics for them are unstable, hence assembly.
//!
//! Every block declares the tile registers that it overwrites. A clobber needs no target feature.

use std::arch::asm;

use super::buffer::Tile;
use super::operands::{LeftTiles, Steps};

/// All eight tiles with 16 rows of 64 bytes.
#[repr(C, align(64))]
struct Configuration([u8; 64]);

const CONFIGURATION: Configuration = {
    let mut bytes = [0; 64];
    bytes[0] = 1;
    let mut tile = 0;
    while tile < 8 {
        bytes[16 + 2 * tile] = 64;
        bytes[48 + tile] = 16;
        tile += 1;
    }
    Configuration(bytes)
};

/// Gives this thread its tiles.
///
/// # Safety
/// [`is_granted`](super::grant::is_granted) must have said yes.
pub(super) unsafe fn configure() {
    let configuration = &CONFIGURATION;
    // SAFETY: the caller vouches for the tiles; 64 bytes are read.
    unsafe {
        asm!(
            "ldtilecfg [{}]",
            in(reg) configuration,
            out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _,
            out("tmm4") _, out("tmm5") _, out("tmm6") _, out("tmm7") _,
            options(nostack, readonly),
        );
    }
}

/// Gives the tiles back: a thread with tiles in use is slower to switch away from.
///
/// # Safety
/// As for [`configure`].
pub(super) unsafe fn release() {
    // SAFETY: the caller vouches for the tiles.
    unsafe {
        asm!(
            "tilerelease",
            out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _,
            out("tmm4") _, out("tmm5") _, out("tmm6") _, out("tmm7") _,
            options(nostack, nomem),
        );
    }
}

/// Two left tiles with two right tiles; sums in `[left][right]`.
///
/// # Safety
/// This thread must have called [`configure`]; the pointers, advanced by every step, must point to tiles.
pub(super) unsafe fn two_by_two(
    steps: &Steps,
    left: LeftTiles,
    right: [*const u16; 2],
    sums: [*mut Tile; 2],
    add: bool,
) {
    let steps = steps.get().as_ptr_range();
    // SAFETY: the caller vouches for the configuration and for every address; there is at least one step.
    unsafe {
        asm!(
            "test {m:e}, {m:e}",
            "mov {l}, [{sums}]",
            "mov {m}, [{sums} + 8]",
            "jz 3f",
            "tileloadd tmm0, [{l} + {line}*1]",
            "tileloadd tmm1, [{l} + {line}*1 + 1024]",
            "tileloadd tmm2, [{m} + {line}*1]",
            "tileloadd tmm3, [{m} + {line}*1 + 1024]",
            "jmp 2f",
            "3:",
            "tilezero tmm0",
            "tilezero tmm1",
            "tilezero tmm2",
            "tilezero tmm3",
            "2:",
            "mov {l}, [{step}]",
            "mov {r}, [{step} + 8]",
            "add {l}, {l0}",
            "tileloadd tmm4, [{l} + {pitch}*1]",
            "lea {m}, [{l} + {next}]",
            "lea {l}, [{r} + {r1}]",
            "add {r}, {r0}",
            "tileloadd tmm6, [{r} + {line}*1]",
            "tileloadd tmm7, [{l} + {line}*1]",
            "tdpbf16ps tmm0, tmm4, tmm6",
            "tileloadd tmm5, [{m} + {pitch}*1]",
            "tdpbf16ps tmm1, tmm4, tmm7",
            "tdpbf16ps tmm2, tmm5, tmm6",
            "tdpbf16ps tmm3, tmm5, tmm7",
            "add {step}, 16",
            "cmp {step}, {end}",
            "jne 2b",
            "mov {l}, [{sums}]",
            "mov {m}, [{sums} + 8]",
            "tilestored [{l} + {line}*1], tmm0",
            "tilestored [{l} + {line}*1 + 1024], tmm1",
            "tilestored [{m} + {line}*1], tmm2",
            "tilestored [{m} + {line}*1 + 1024], tmm3",
            sums = in(reg) &sums,
            step = inout(reg) steps.start => _,
            end = in(reg) steps.end,
            l0 = in(reg) left.at,
            pitch = in(reg) left.pitch,
            next = in(reg) 16 * left.pitch,
            r0 = in(reg) right[0],
            r1 = in(reg) right[1],
            line = in(reg) 64_usize,
            l = out(reg) _,
            r = out(reg) _,
            m = inout(reg) usize::from(add) => _,
            out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _,
            out("tmm4") _, out("tmm5") _, out("tmm6") _, out("tmm7") _,
            options(nostack),
        );
    }
}

/// Four left tiles with one right tile; sums in `[left]`.
///
/// # Safety
/// As for [`two_by_two`].
pub(super) unsafe fn four_by_one(
    steps: &Steps,
    left: LeftTiles,
    right: [*const u16; 1],
    sums: *mut Tile,
) {
    let steps = steps.get().as_ptr_range();
    // SAFETY: as in `two_by_two`.
    unsafe {
        asm!(
            "tilezero tmm0",
            "tilezero tmm1",
            "tilezero tmm2",
            "tilezero tmm3",
            "2:",
            "mov {l}, [{step}]",
            "mov {r}, [{step} + 8]",
            "add {l}, {l0}",
            "add {r}, {r0}",
            "tileloadd tmm7, [{r} + {line}*1]",
            "tileloadd tmm4, [{l} + {pitch}*1]",
            "add {l}, {next}",
            "tdpbf16ps tmm0, tmm4, tmm7",
            "tileloadd tmm5, [{l} + {pitch}*1]",
            "add {l}, {next}",
            "tdpbf16ps tmm1, tmm5, tmm7",
            "tileloadd tmm6, [{l} + {pitch}*1]",
            "add {l}, {next}",
            "tdpbf16ps tmm2, tmm6, tmm7",
            "tileloadd tmm4, [{l} + {pitch}*1]",
            "tdpbf16ps tmm3, tmm4, tmm7",
            "add {step}, 16",
            "cmp {step}, {end}",
            "jne 2b",
            "tilestored [{sums} + {line}*1], tmm0",
            "tilestored [{sums} + {line}*1 + 1024], tmm1",
            "tilestored [{sums} + {line}*1 + 2048], tmm2",
            "tilestored [{sums} + {line}*1 + 3072], tmm3",
            sums = in(reg) sums,
            step = inout(reg) steps.start => _,
            end = in(reg) steps.end,
            l0 = in(reg) left.at,
            pitch = in(reg) left.pitch,
            next = in(reg) 16 * left.pitch,
            r0 = in(reg) right[0],
            line = in(reg) 64_usize,
            l = out(reg) _,
            r = out(reg) _,
            out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _,
            out("tmm4") _, out("tmm5") _, out("tmm6") _, out("tmm7") _,
            options(nostack),
        );
    }
}

/// One left tile with three right tiles; sums in `[right]`.
///
/// # Safety
/// As for [`two_by_two`].
pub(super) unsafe fn one_by_three(
    steps: &Steps,
    left: LeftTiles,
    right: [*const u16; 3],
    sums: *mut Tile,
    add: bool,
) {
    let steps = steps.get().as_ptr_range();
    // SAFETY: as in `two_by_two`.
    unsafe {
        asm!(
            "test {m:e}, {m:e}",
            "jz 3f",
            "tileloadd tmm0, [{sums} + {line}*1]",
            "tileloadd tmm1, [{sums} + {line}*1 + 1024]",
            "tileloadd tmm2, [{sums} + {line}*1 + 2048]",
            "jmp 2f",
            "3:",
            "tilezero tmm0",
            "tilezero tmm1",
            "tilezero tmm2",
            "2:",
            "mov {l}, [{step}]",
            "mov {r}, [{step} + 8]",
            "add {l}, {l0}",
            "tileloadd tmm3, [{l} + {pitch}*1]",
            "lea {m}, [{r} + {r0}]",
            "lea {l}, [{r} + {r1}]",
            "add {r}, {r2}",
            "tileloadd tmm4, [{m} + {line}*1]",
            "tdpbf16ps tmm0, tmm3, tmm4",
            "tileloadd tmm5, [{l} + {line}*1]",
            "tdpbf16ps tmm1, tmm3, tmm5",
            "tileloadd tmm6, [{r} + {line}*1]",
            "tdpbf16ps tmm2, tmm3, tmm6",
            "add {step}, 16",
            "cmp {step}, {end}",
            "jne 2b",
            "tilestored [{sums} + {line}*1], tmm0",
            "tilestored [{sums} + {line}*1 + 1024], tmm1",
            "tilestored [{sums} + {line}*1 + 2048], tmm2",
            sums = in(reg) sums,
            step = inout(reg) steps.start => _,
            end = in(reg) steps.end,
            l0 = in(reg) left.at,
            pitch = in(reg) left.pitch,
            r0 = in(reg) right[0],
            r1 = in(reg) right[1],
            r2 = in(reg) right[2],
            line = in(reg) 64_usize,
            l = out(reg) _,
            r = out(reg) _,
            m = inout(reg) usize::from(add) => _,
            out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _,
            out("tmm4") _, out("tmm5") _, out("tmm6") _,
            options(nostack),
        );
    }
}
