//! Lines for a key log, in the format of NSS (https://nss-crypto.org/reference/security/nss/legacy/key_log_format/).

use std::fmt::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustls::KeyLog;
use zeroize::Zeroizing;

type Line = Zeroizing<String>;

/// The lines of one connection. The only door through which its secrets leave.
#[derive(Default)]
pub(super) struct KeyLines {
    is_wanted: AtomicBool,
    lines: Mutex<Vec<Line>>,
}

impl KeyLines {
    /// Keep lines from now on.
    pub(super) fn keep(&self) {
        self.is_wanted.store(true, Ordering::Relaxed);
    }

    pub(super) fn has_new(&self) -> bool {
        !self.lines().is_empty()
    }

    pub(super) fn take(&self) -> Vec<Line> {
        std::mem::take(&mut *self.lines())
    }

    fn lines(&self) -> MutexGuard<'_, Vec<Line>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl KeyLog for KeyLines {
    fn log(&self, label: &str, client_random: &[u8], secret: &[u8]) {
        // rustls derives it for every resumption, also where there is no early data.
        if label == "CLIENT_EARLY_TRAFFIC_SECRET" || !self.will_log(label) {
            return;
        }
        // There is room for all of it: what grows leaves copies behind.
        let mut line =
            Zeroizing::new(String::with_capacity(label.len() + 2 * (client_random.len() + secret.len()) + 3));
        line.extend([label, " "]);
        push_hexadecimal(&mut line, client_random);
        line.push(' ');
        push_hexadecimal(&mut line, secret);
        line.push('\n');
        self.lines().push(line);
    }

    fn will_log(&self, _: &str) -> bool {
        self.is_wanted.load(Ordering::Relaxed)
    }
}

fn push_hexadecimal(text: &mut String, bytes: &[u8]) {
    for octet in bytes {
        // Writing to a String can not fail.
        let _ = write!(text, "{octet:02x}");
    }
}

impl std::fmt::Debug for KeyLines {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("KeyLines")
    }
}
