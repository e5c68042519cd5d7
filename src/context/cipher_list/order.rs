//! The list of suites while OpenSSL's rules change it (openssl-ciphers, CIPHER LIST FORMAT).

use super::catalogue::{SUITES, Suite};
use super::traits::{Traits, encryption};

/// A text with a command that is none.
#[derive(Debug, PartialEq, Eq)]
pub struct InvalidCommand;

/// OpenSSL's own rules for its DEFAULT.
const DEFAULT: &str = "ALL:!COMPLEMENTOFDEFAULT:!eNULL";

/// Every suite that was not killed, chosen or not: the place of those not chosen decides where they come in later.
pub struct Order {
    entries: Vec<Entry>,
    /// Of `@SECLEVEL`.
    pub security_level: Option<u8>,
}

#[derive(Clone, Copy)]
struct Entry {
    suite: &'static Suite,
    traits: Traits,
    is_chosen: bool,
}

impl Order {
    /// Nothing is chosen; in the order in which OpenSSL offers suites.
    pub fn new() -> Self {
        let entry = |suite: &'static Suite| Entry { suite, traits: suite.traits(), is_chosen: false };
        Self { entries: SUITES.iter().map(entry).collect(), security_level: None }
    }

    /// Apply the rules of a text.
    pub fn apply(&mut self, text: &str) -> Result<(), InvalidCommand> {
        // Only where a text begins with them.
        if let Some(rest) = text.strip_prefix("DEFAULT") {
            self.apply_rules(DEFAULT)?;
            return self.apply_rules(rest);
        }
        self.apply_rules(suite_b(text).unwrap_or(text))
    }

    /// What is chosen, the preferred first.
    pub fn chosen(&self) -> impl Iterator<Item = &'static Suite> {
        self.entries.iter().filter(|entry| entry.is_chosen).map(|entry| entry.suite)
    }

    fn apply_rules(&mut self, text: &str) -> Result<(), InvalidCommand> {
        let mut rest = text;
        while let Some(first) = rest.bytes().next() {
            if is_separator(first) {
                rest = rest.get(1..).unwrap_or_default();
                continue;
            }
            if let Some(command) = rest.strip_prefix('@') {
                let (command, after) = split_word(command);
                self.command(command)?;
                rest = skip_item(after);
                continue;
            }
            rest = rest.strip_prefix(['!', '-', '+']).unwrap_or(rest);
            let (selection, after) = selection(rest)?;
            rest = after;
            let Some(selection) = selection else { continue };
            let action = match first {
                b'!' => Action::Kill,
                b'-' => Action::Delete,
                b'+' => Action::MoveToEnd,
                _ => Action::Add,
            };
            self.apply_action(action, &selection);
        }
        Ok(())
    }

    fn command(&mut self, command: &str) -> Result<(), InvalidCommand> {
        if command == "STRENGTH" {
            self.sort_by_strength();
            return Ok(());
        }
        match command.strip_prefix("SECLEVEL=").map(str::as_bytes) {
            Some([digit @ b'0'..=b'5']) => self.security_level = Some(digit - b'0'),
            _ => return Err(InvalidCommand),
        }
        Ok(())
    }

    fn sort_by_strength(&mut self) {
        for traits in encryption::BY_STRENGTH {
            self.apply_action(Action::MoveToEnd, &Selection { traits: Traits(traits), number: None });
        }
    }

    fn apply_action(&mut self, action: Action, selection: &Selection) {
        let (mut concerned, mut others) = (Vec::new(), Vec::new());
        for entry in &self.entries {
            let has_state = action == Action::Kill || entry.is_chosen != (action == Action::Add);
            if has_state && selection.selects(entry) {
                concerned.push(Entry { is_chosen: action != Action::Delete, ..*entry });
            } else {
                others.push(*entry);
            }
        }
        match action {
            Action::Kill => {}
            Action::Add | Action::MoveToEnd => others.append(&mut concerned),
            // They come in again in the order in which they were.
            Action::Delete => {
                concerned.append(&mut others);
                others = concerned;
            }
        }
        self.entries = others;
    }
}

/// What is done with the suites of a selection.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Action {
    Add,
    Delete,
    Kill,
    MoveToEnd,
}

/// What an item of the list selects.
struct Selection {
    traits: Traits,
    /// The one suite that it names.
    number: Option<u16>,
}

impl Selection {
    fn selects(&self, entry: &Entry) -> bool {
        self.number.is_none_or(|number| number == entry.suite.number) && self.traits.select(entry.traits)
    }
}

/// The selection that a text begins with, none if it is unknown or contradicts itself, and the text after it.
fn selection(text: &str) -> Result<(Option<Selection>, &str), InvalidCommand> {
    let mut selection = Selection { traits: Traits::ANY, number: None };
    let mut rest = text;
    loop {
        let (word, after) = split_word(rest);
        if word.is_empty() {
            return Err(InvalidCommand);
        }
        let suite = SUITES.iter().find(|suite| suite.is_called(word));
        let traits = suite.map(Suite::traits).or_else(|| Traits::of_word(word));
        let Some(traits) = traits.and_then(|traits| selection.traits.and(traits)) else {
            return Ok((None, skip_item(after)));
        };
        selection.traits = traits;
        selection.number = suite.map(|suite| suite.number).or(selection.number);
        match after.strip_prefix('+') {
            Some(more) => rest = more,
            None => return Ok((Some(selection), after)),
        }
    }
}

/// The suites of RFC 6460 ("Suite B"), which replace all that a text says.
fn suite_b(text: &str) -> Option<&'static str> {
    let level = text.strip_prefix("SUITEB")?;
    if level.starts_with("192") || level.starts_with("128C2") {
        return Some("ECDHE-ECDSA-AES256-GCM-SHA384");
    }
    if level.starts_with("128ONLY") {
        return Some("ECDHE-ECDSA-AES128-GCM-SHA256");
    }
    level.starts_with("128").then_some("ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384")
}

const fn is_separator(byte: u8) -> bool {
    matches!(byte, b':' | b' ' | b';' | b',')
}

/// The word at the beginning, and what comes after.
fn split_word(text: &str) -> (&str, &str) {
    split_before(text, |byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'-' | b'_' | b'.' | b'='))
}

/// What comes after the item that a text is in.
fn skip_item(text: &str) -> &str {
    split_before(text, is_separator).1
}

fn split_before(text: &str, ends: fn(u8) -> bool) -> (&str, &str) {
    let end = text.bytes().position(ends).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}
