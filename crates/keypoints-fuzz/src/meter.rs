//! An allocator that counts memory.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

static NOW: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

/// The system's allocator, which counts: a test binary makes it its own with `#[global_allocator]`.
#[derive(Debug)]
pub struct Meter;

impl Meter {
    /// Forgets the most memory that was taken so far.
    pub fn reset() {
        MOST.store(NOW.load(Ordering::Relaxed), Ordering::Relaxed);
    }

    /// The most bytes that were taken at one time since [`Meter::reset`].
    pub fn most() -> usize {
        MOST.load(Ordering::Relaxed)
    }

    /// Bytes that are taken now.
    pub fn now() -> usize {
        NOW.load(Ordering::Relaxed)
    }

    fn add(bytes: usize) {
        let now = NOW.fetch_add(bytes, Ordering::Relaxed) + bytes;
        MOST.fetch_max(now, Ordering::Relaxed);
    }
}

// SAFETY: every call is handed on to the system's allocator as it is.
unsafe impl GlobalAlloc for Meter {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        Self::add(layout.size());
        // SAFETY: the caller keeps the promises of `GlobalAlloc::alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        Self::add(layout.size());
        // SAFETY: the caller keeps the promises of `GlobalAlloc::alloc_zeroed`.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        Self::add(size);
        // SAFETY: the caller keeps the promises of `GlobalAlloc::realloc`.
        let moved = unsafe { System.realloc(place, layout, size) };
        NOW.fetch_sub(if moved.is_null() { size } else { layout.size() }, Ordering::Relaxed);
        moved
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller keeps the promises of `GlobalAlloc::dealloc`.
        unsafe { System.dealloc(place, layout) }
    }
}
