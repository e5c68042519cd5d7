//! Room for secrets, whose wiping is compiled once: what [`zeroize::Zeroizing`] has inlined wherever such a thing is dropped is much code.

use std::ops::{Deref, DerefMut};

use zeroize::Zeroize;

/// A vector that is wiped when it is dropped.
pub(crate) struct Secret<T: Zeroize>(Vec<T>);

impl<T: Zeroize> Secret<T> {
    pub(crate) fn new(elements: Vec<T>) -> Self {
        Self(elements)
    }
}

impl<T: Zeroize> Deref for Secret<T> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        &self.0
    }
}

impl<T: Zeroize> DerefMut for Secret<T> {
    fn deref_mut(&mut self) -> &mut Vec<T> {
        &mut self.0
    }
}

impl<T: Zeroize> Drop for Secret<T> {
    #[inline(never)]
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::rc::Rc;

    use super::*;

    /// Counts how often it is wiped.
    #[derive(Clone)]
    struct Wiped(Rc<Cell<usize>>);

    impl Zeroize for Wiped {
        fn zeroize(&mut self) {
            self.0.update(|times| times + 1);
        }
    }

    #[test]
    fn what_is_dropped_is_wiped() {
        let times = Rc::new(Cell::new(0));
        let secret = Secret::new(vec![Wiped(times.clone()); 5]);
        assert_eq!((secret.len(), times.get()), (5, 0));
        drop(secret);
        assert_eq!(times.get(), 5);
    }
}
