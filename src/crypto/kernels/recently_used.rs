//! A few things that are kept, of which the least recently used goes when there is no room for another.

/// What is kept, the least recently used first. It is searched from the end on: for so few that this takes no time.
#[derive(Debug)]
pub struct RecentlyUsed<T> {
    elements: Vec<T>,
    most: usize,
}

impl<T> RecentlyUsed<T> {
    /// Nothing yet, and so many at the most.
    pub const fn new(most: usize) -> Self {
        Self { elements: Vec::new(), most }
    }

    /// An element, which is the most recently used then.
    pub fn find(&mut self, is_it: impl FnMut(&T) -> bool) -> Option<&T> {
        let place = self.elements.iter().rposition(is_it)?;
        self.elements[place..].rotate_left(1);
        self.elements.last()
    }

    /// An element, which is kept no more.
    pub fn take(&mut self, is_it: impl FnMut(&T) -> bool) -> Option<T> {
        let place = self.elements.iter().rposition(is_it)?;
        Some(self.elements.remove(place))
    }

    /// Keep an element: it is the most recently used.
    pub fn push(&mut self, element: T) {
        if self.elements.len() == self.most {
            self.elements.remove(0);
        }
        self.elements.push(element);
    }

    /// Keep those alone of which something is so.
    pub fn retain(&mut self, is_kept: impl FnMut(&T) -> bool) {
        self.elements.retain(is_kept);
    }

    /// How many are kept.
    pub fn len(&self) -> usize {
        self.elements.len()
    }

    /// Whether nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.elements.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(elements: &[u8]) -> RecentlyUsed<u8> {
        let mut kept = RecentlyUsed::new(3);
        elements.iter().for_each(|element| kept.push(*element));
        kept
    }

    #[test]
    fn what_is_used_stays_and_the_rest_goes() {
        let mut kept = of(&[1, 2, 3]);
        assert_eq!(kept.find(|element| *element == 1), Some(&1));
        kept.push(4);
        assert_eq!(kept.find(|element| *element == 2), None);
        for element in [1, 3, 4] {
            assert_eq!(kept.find(|other| *other == element), Some(&element));
        }
        kept.push(5);
        assert_eq!(kept.elements, [3, 4, 5]);
    }

    #[test]
    fn there_are_never_more_than_so_many() {
        let mut kept = of(&[]);
        assert!(kept.is_empty());
        for count in 1..10 {
            kept.push(0);
            assert_eq!(kept.len(), count.min(3));
        }
    }

    #[test]
    fn what_is_taken_is_gone_and_the_order_stays() {
        let mut kept = of(&[1, 2, 3]);
        assert_eq!(kept.take(|element| *element == 2), Some(2));
        assert_eq!(kept.take(|element| *element == 2), None);
        assert_eq!(kept.elements, [1, 3]);
        kept.retain(|element| *element != 1);
        assert_eq!(kept.elements, [3]);
    }
}
