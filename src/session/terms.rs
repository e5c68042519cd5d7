//! For how long, and for whom, a server takes sessions back.

use std::sync::Arc;
use std::time::Duration;

use rustls::time_provider::TimeProvider;
use zeroize::Zeroizing;

use super::codec::{Length, Reader, put};

/// For how long, and for whom, a server takes sessions back: Node's `sessionTimeout` and `sessionIdContext`.
#[derive(Debug, Clone)]
pub struct Terms {
    /// Tells the time.
    pub clock: Arc<dyn TimeProvider>,
    /// A session that is older is not taken back.
    pub timeout: Duration,
    /// A session from under another context, of 255 bytes at the most, is not taken back.
    pub context: Vec<u8>,
}

impl Terms {
    /// State with the time of issue before it.
    pub(super) fn stamp(&self, state: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        Some(Zeroizing::new([&self.now()?.to_be_bytes(), state].concat()))
    }

    /// The state that was stamped, if it is not too old.
    pub(super) fn unstamp(&self, stamped: &[u8]) -> Option<Vec<u8>> {
        let (issued, state) = stamped.split_first_chunk()?;
        // Of a server whose clock is ahead: new.
        let age = self.now()?.saturating_sub(u64::from_be_bytes(*issued));
        (age <= self.timeout.as_secs()).then(|| state.to_vec())
    }

    /// The context, as a part of something else.
    pub(super) fn context(&self) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        put(&mut out, Length::U8, &self.context)?;
        Some(out)
    }

    /// What follows the context, if it is this one.
    pub(super) fn after_context<'a>(&self, bytes: &'a [u8]) -> Option<&'a [u8]> {
        let mut reader = Reader::new(bytes);
        let context = reader.bytes(Length::U8)?;
        if context != self.context {
            return None;
        }
        bytes.get(1 + context.len()..)
    }

    fn now(&self) -> Option<u64> {
        self.clock.current_time().map(|time| time.as_secs())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use rustls_pki_types::UnixTime;

    use super::*;

    #[derive(Debug, Clone, Default)]
    pub(crate) struct Clock(Arc<AtomicU64>);

    impl Clock {
        pub(crate) fn advance(&self, seconds: u64) {
            self.0.fetch_add(seconds, Ordering::Relaxed);
        }
    }

    impl TimeProvider for Clock {
        fn current_time(&self) -> Option<UnixTime> {
            Some(UnixTime::since_unix_epoch(Duration::from_secs(1_000_000 + self.0.load(Ordering::Relaxed))))
        }
    }

    pub(crate) fn terms(clock: &Clock, context: &[u8]) -> Terms {
        Terms { clock: Arc::new(clock.clone()), timeout: Duration::from_secs(300), context: context.to_vec() }
    }

    #[test]
    fn a_stamp_from_the_future_counts_as_new() {
        let (slow, fast) = (Clock::default(), Clock::default());
        fast.advance(10);
        let stamped = terms(&fast, b"").stamp(b"state").unwrap();
        assert_eq!(terms(&slow, b"").unstamp(&stamped).as_deref(), Some(&b"state"[..]));
    }
}
