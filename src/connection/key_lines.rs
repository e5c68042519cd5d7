//! Lines for a key log, in the format of NSS (https://nss-crypto.org/reference/security/nss/legacy/key_log_format/).

use std::fmt::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustls::KeyLog;

/// The lines of one connection. The only door through which its secrets leave.
#[derive(Default)]
pub(super) struct KeyLines {
    is_wanted: AtomicBool,
    lines: Mutex<Vec<String>>,
}

impl KeyLines {
    /// Keep lines from now on.
    pub(super) fn keep(&self) {
        self.is_wanted.store(true, Ordering::Relaxed);
    }

    pub(super) fn has_new(&self) -> bool {
        !self.lines().is_empty()
    }

    pub(super) fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.lines())
    }

    fn lines(&self) -> MutexGuard<'_, Vec<String>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl KeyLog for KeyLines {
    fn log(&self, label: &str, client_random: &[u8], secret: &[u8]) {
        // rustls derives it for every resumption, also where there is no early data.
        if label == "CLIENT_EARLY_TRAFFIC_SECRET" || !self.will_log(label) {
            return;
        }
        let line = format!("{label} {} {}\n", hex(client_random), hex(secret));
        self.lines().push(line);
    }

    fn will_log(&self, _: &str) -> bool {
        self.is_wanted.load(Ordering::Relaxed)
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a String can not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

impl std::fmt::Debug for KeyLines {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("KeyLines")
    }
}
