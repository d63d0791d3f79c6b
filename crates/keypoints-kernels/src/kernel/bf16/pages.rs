//! Memory for output planes.

/// Below this (4 MB) an allocator recycles memory that the kernel has already mapped.
#[cfg(target_os = "linux")]
const LARGE: usize = 1 << 20;

/// Room for `len` values, in large pages: it comes fresh from the kernel, which maps 4 kB at a time where it is
/// not told otherwise, half of the time of a layer of 96 × 96 pixels.
pub(super) fn room(len: usize) -> Vec<f32> {
    let values = Vec::with_capacity(len);
    #[cfg(target_os = "linux")]
    if len >= LARGE {
        advise(values.as_ptr(), len);
    }
    values
}

/// Asks for large pages, before the first write. It is advice: nothing depends on the answer.
#[cfg(target_os = "linux")]
fn advise(values: *const f32, len: usize) {
    const MADVISE: isize = 28;
    const HUGE_PAGE: isize = 14;
    const PAGE: usize = 4096;
    let start = values.addr().next_multiple_of(PAGE);
    let len = (values.addr() + len * size_of::<f32>() - start) / PAGE * PAGE;
    // SAFETY: a system call that changes how the kernel maps these pages, not what they hold; the kernel may
    // overwrite the registers named as lost.
    unsafe {
        std::arch::asm!(
            "syscall",
            inlateout("rax") MADVISE => _,
            in("rdi") start,
            in("rsi") len,
            in("rdx") HUGE_PAGE,
            lateout("rcx") _,
            lateout("r11") _,
            options(nostack),
        );
    }
}
