//! Asking for tile registers.

use std::arch::asm;
use std::arch::x86_64::__cpuid_count;
use std::sync::OnceLock;

/// Bits of leaf 7's EDX.
const AMX_BF16: u32 = 1 << 22;
const AMX_TILE: u32 = 1 << 24;

/// Whether the processor has tiles and Linux lets this process use them. The first call asks for that;
/// it holds for all threads, those that already run among them.
pub(super) fn is_granted() -> bool {
    static GRANTED: OnceLock<bool> = OnceLock::new();
    *GRANTED.get_or_init(|| {
        // Leaf 7 exists: this is called on processors with AVX-512.
        let features = __cpuid_count(7, 0).edx;
        let has = features & (AMX_BF16 | AMX_TILE) == AMX_BF16 | AMX_TILE;
        // The assembly takes addresses of 64 bits.
        cfg!(target_pointer_width = "64") && has && request()
    })
}

/// Linux keeps the tiles (8 kB of state a thread) from processes that did not ask.
fn request() -> bool {
    const ARCH_PRCTL: isize = 158;
    const ARCH_REQ_XCOMP_PERM: isize = 0x1023;
    const TILE_DATA: isize = 18;
    let result: isize;
    // SAFETY: a system call that takes two numbers and touches no memory of ours; the kernel may overwrite
    // the registers named as lost.
    unsafe {
        asm!(
            "syscall",
            inlateout("rax") ARCH_PRCTL => result,
            in("rdi") ARCH_REQ_XCOMP_PERM,
            in("rsi") TILE_DATA,
            lateout("rcx") _,
            lateout("r11") _,
            options(nostack),
        );
    }
    result == 0
}
