//! Thread-local settings.

use std::cell::Cell;
use std::thread::LocalKey;

/// Sets a thread-local value while `body` runs. The old value comes back even if `body` panics.
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
