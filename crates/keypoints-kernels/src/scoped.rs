//! A choice of this thread, for as long as a function runs.

use std::cell::Cell;
use std::thread::LocalKey;

/// Runs `body` with another value, and puts the old one back, even where `body` panics.
pub(crate) fn scoped<T: Copy + 'static, R>(
    choice: &'static LocalKey<Cell<T>>,
    value: T,
    body: impl FnOnce() -> R,
) -> R {
    struct Back<T: Copy + 'static>(&'static LocalKey<Cell<T>>, T);
    impl<T: Copy> Drop for Back<T> {
        fn drop(&mut self) {
            self.0.set(self.1);
        }
    }
    let _back = Back(choice, choice.replace(value));
    body()
}
