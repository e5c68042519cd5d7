//! Memory of a module, and of each bit whether it is secret.

use crate::word::Word;

const PAGE: usize = 65536;

/// Linear memory. Functions give nothing where an access is out of bounds.
pub struct Memory {
    values: Vec<u8>,
    secrets: Vec<u8>,
    limit: usize,
}

impl Memory {
    /// `pages` of zeros, which may grow to `limit` pages.
    pub fn new(pages: usize, limit: usize) -> Self {
        Self { values: vec![0; pages * PAGE], secrets: vec![0; pages * PAGE], limit }
    }

    /// Its size in pages.
    pub fn pages(&self) -> usize {
        self.values.len() / PAGE
    }

    /// Make it larger: its size before that in pages, or nothing if it may not be so large.
    pub fn grow(&mut self, pages: usize) -> Option<usize> {
        let before = self.pages();
        let after = before.checked_add(pages).filter(|after| *after <= self.limit)?;
        self.values.resize(after * PAGE, 0);
        self.secrets.resize(after * PAGE, 0);
        Some(before)
    }

    /// Up to 16 bytes, zeros above them.
    pub fn load(&self, place: usize, bytes: usize) -> Option<Word> {
        let read = |from: &[u8]| {
            let mut wide = [0; 16];
            wide.get_mut(..bytes)?.copy_from_slice(from.get(place..place.checked_add(bytes)?)?);
            Some(u128::from_le_bytes(wide))
        };
        Some(Word { value: read(&self.values)?, secret: read(&self.secrets)? })
    }

    /// The low bytes of a word, up to 16.
    pub fn store(&mut self, place: usize, bytes: usize, word: Word) -> Option<()> {
        let end = place.checked_add(bytes)?;
        self.values.get_mut(place..end)?.copy_from_slice(word.value.to_le_bytes().get(..bytes)?);
        self.secrets.get_mut(place..end)?.copy_from_slice(word.secret.to_le_bytes().get(..bytes)?);
        Some(())
    }

    /// Write public bytes.
    pub fn write(&mut self, place: usize, bytes: &[u8]) -> Option<()> {
        self.values.get_mut(place..place.checked_add(bytes.len())?)?.copy_from_slice(bytes);
        self.mark(place, bytes.len(), false)
    }

    /// Call bytes secret or public.
    pub fn mark(&mut self, place: usize, length: usize, secret: bool) -> Option<()> {
        self.secrets.get_mut(place..place.checked_add(length)?)?.fill(if secret { 0xff } else { 0 });
        Some(())
    }

    /// Copy within, as if through memory elsewhere.
    pub fn copy(&mut self, to: usize, from: usize, length: usize) -> Option<()> {
        let source = from..from.checked_add(length)?;
        if source.end > self.values.len() || to.checked_add(length)? > self.values.len() {
            return None;
        }
        self.values.copy_within(source.clone(), to);
        self.secrets.copy_within(source, to);
        Some(())
    }

    /// Fill with the low byte of a word.
    pub fn fill(&mut self, place: usize, byte: Word, length: usize) -> Option<()> {
        let end = place.checked_add(length)?;
        self.values.get_mut(place..end)?.fill(byte.value as u8);
        self.secrets.get_mut(place..end)?.fill(byte.secret as u8);
        Some(())
    }
}
