//! A byte window: where bytes enter wasm memory, are worked on in place, and are taken from again.
//!
//! Windows come from a pool and go back to it when they are empty, so that an idle connection holds none.

use std::cell::RefCell;

use rustls::TlsInputBuffer;

/// How many bytes a window may hold: the largest handshake message (64 KiB, rustls's limit), records around it, and one
/// chunk of input.
const LARGEST: usize = 256 * 1024;

/// How many empty windows are kept for the next connection that needs one.
const POOLED: usize = 8;

thread_local! {
    static POOL: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
}

/// Bytes from `start` to `end` of a buffer.
#[derive(Debug, Default)]
pub struct Window {
    buffer: Vec<u8>,
    start: usize,
    end: usize,
}

impl Window {
    /// Whether `length` more bytes may be held.
    pub fn has_room(&self, length: usize) -> bool {
        length <= LARGEST - self.bytes().len()
    }

    /// Room for `length` more bytes after those held; `None` if the window would grow too large.
    pub fn reserve(&mut self, length: usize) -> Option<&mut [u8]> {
        if !self.has_room(length) {
            return None;
        }
        let held = self.end - self.start;
        if self.buffer.capacity() == 0 {
            self.buffer = POOL.with_borrow_mut(Vec::pop).unwrap_or_default();
        }
        if self.buffer.len() - self.end < length {
            self.buffer.copy_within(self.start..self.end, 0);
            self.start = 0;
            self.end = held;
            if self.buffer.len() < held + length {
                self.buffer.resize(held + length, 0);
            }
        }
        Some(&mut self.buffer[self.end..self.end + length])
    }

    /// The first `length` bytes of what was reserved have been written.
    pub fn commit(&mut self, length: usize) {
        self.end = usize::min(self.end + length, self.buffer.len());
    }

    /// The bytes held.
    pub fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// How far from the beginning of this window a pointer into it points.
    pub(super) fn place_of_pointer(&self, pointer: *const u8) -> usize {
        pointer as usize - self.buffer.as_ptr() as usize
    }

    /// The bytes at a place that [`Self::place_of_pointer`] told.
    pub(super) fn at(&self, place: usize, length: usize) -> &[u8] {
        &self.buffer[place..place + length]
    }

    /// Give the buffer back to the pool if nothing is held.
    pub fn release(&mut self) {
        if self.start < self.end {
            return;
        }
        self.start = 0;
        self.end = 0;
        let buffer = std::mem::take(&mut self.buffer);
        POOL.with_borrow_mut(|pool| {
            if pool.len() < POOLED && buffer.capacity() > 0 {
                pool.push(buffer);
            }
        });
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        self.start = self.end;
        self.release();
    }
}

impl TlsInputBuffer for Window {
    fn slice_mut(&mut self) -> &mut [u8] {
        &mut self.buffer[self.start..self.end]
    }

    fn discard(&mut self, length: usize) {
        self.start = usize::min(self.start + length, self.end);
    }

    fn received_close_notify(&mut self) {
        // The connection knows; what comes after is discarded there.
    }

    fn has_seen_eof(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_stay_in_order_through_growth_and_compaction() {
        let mut window = Window::default();
        let mut expected = Vec::new();
        for round in 0u8..200 {
            let chunk = vec![round; usize::from(round) * 7 % 251 + 1];
            window.reserve(chunk.len()).expect("room").copy_from_slice(&chunk);
            window.commit(chunk.len());
            expected.extend_from_slice(&chunk);
            let discarded = expected.len() / 2;
            window.discard(discarded);
            expected.drain(..discarded);
            assert_eq!(window.bytes(), expected);
        }
    }

    #[test]
    fn a_window_has_a_limit() {
        let mut window = Window::default();
        assert!(window.reserve(LARGEST + 1).is_none());
        assert!(window.reserve(LARGEST).is_some());
        window.commit(LARGEST);
        assert!(window.reserve(1).is_none());
    }

    #[test]
    fn an_empty_window_goes_back_to_the_pool() {
        let mut window = Window::default();
        window.reserve(1000).expect("room");
        window.commit(1000);
        window.discard(999);
        window.release();
        assert_eq!(window.bytes().len(), 1);
        window.discard(1);
        window.release();
        assert_eq!(window.buffer.capacity(), 0);
        assert!(POOL.with_borrow(|pool| !pool.is_empty()));
    }
}
