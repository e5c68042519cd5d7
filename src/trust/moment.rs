//! The time of a judgement.

use std::cell::Cell;

use crate::certificate::Certificate;

/// A time, which notes until when all that was asked of it stays as it was answered.
#[derive(Debug)]
pub(super) struct Moment {
    now: i64,
    until: Cell<i64>,
}

impl Moment {
    /// Seconds since 1970.
    pub(super) fn new(now: i64) -> Self {
        Self { now, until: Cell::new(i64::MAX) }
    }

    /// Whether another time has come.
    pub(super) fn has_reached(&self, time: i64) -> bool {
        if time > self.now {
            self.until.set(self.until.get().min(time));
        }
        time <= self.now
    }

    /// Whether a certificate is valid.
    pub(super) fn is_within(&self, certificate: &Certificate<'_>) -> bool {
        certificate.not_before.is_ok_and(|begin| self.has_reached(begin))
            && certificate.not_after.is_ok_and(|end| !self.has_reached(end))
    }

    /// The first time at which an answer would have been another.
    pub(super) fn until(&self) -> i64 {
        self.until.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_hold_until_the_next_time_that_was_asked_for() {
        let moment = Moment::new(10);
        assert!(moment.has_reached(9) && moment.has_reached(10));
        assert_eq!(moment.until(), i64::MAX);
        assert!(!moment.has_reached(30) && !moment.has_reached(20) && !moment.has_reached(25));
        assert_eq!(moment.until(), 20);
    }
}
