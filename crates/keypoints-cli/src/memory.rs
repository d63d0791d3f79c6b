//! What the C library does with memory that was freed.

use std::sync::Once;

/// Keeps freed memory in the process instead of giving it back to the system.
///
/// A training step frees and asks for the same large blocks again and again. The C library of most Linux systems
/// hands blocks of some size back at once, and every page of the next one is then cleared anew by the system: some
/// 15 % of a step of the largest network, for a tenth more memory at the peak. Elsewhere this does nothing.
/// [`DeviceArgs::open`](crate::DeviceArgs::open) calls it; once is enough.
pub fn keep_freed_memory() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        #[cfg(all(target_os = "linux", target_env = "gnu"))]
        // SAFETY: `mallopt` takes two numbers and changes what later calls of the allocator do; it refuses numbers
        // it does not know by returning 0.
        unsafe {
            // No block gets pages of its own, and the heap is never shortened.
            libc::mallopt(libc::M_MMAP_MAX, 0);
            libc::mallopt(libc::M_TRIM_THRESHOLD, -1);
        }
    });
}
