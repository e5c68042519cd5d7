//! The list of suites while OpenSSL's rules change it (openssl-ciphers, CIPHER LIST FORMAT).

use super::catalogue::{SUITES, Suite};
use super::traits::{Traits, authentication, encryption, exchange, mac, version};

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
        // The higher number is the newer suite.
        let entries = SUITES.iter().rev().map(entry).collect();
        let mut order = Self { entries, security_level: None };
        order.prefer();
        order
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

    /// OpenSSL's preferences: ephemeral AEAD, other ephemeral, other AEAD, rest; of each TLS 1.2 first; of each by strength.
    fn prefer(&mut self) {
        let any = Traits::default();
        let elliptic = Traits { exchange: exchange::ECDHE, ..any };
        let ephemeral = Traits { exchange: exchange::ECDHE | exchange::DHE, ..any };
        let aead = Traits { mac: mac::AEAD, ..any };
        let encryption = |encryption| Traits { encryption, ..any };

        self.add(Traits { authentication: authentication::ECDSA, ..elliptic });
        self.add(elliptic);
        self.delete(elliptic);
        self.add(encryption(encryption::AES128_GCM | encryption::AES256_GCM));
        self.add(encryption(encryption::CHACHA20));
        self.add(encryption(encryption::ANY_AES));
        self.add(any);

        self.move_to_end(Traits { mac: mac::MD5, ..any });
        self.move_to_end(Traits { authentication: authentication::NULL, ..any });
        self.move_to_end(Traits { exchange: exchange::RSA, ..any });
        self.move_to_end(Traits { exchange: exchange::PSK, ..any });
        self.sort_by_strength();

        self.move_to_front(Traits { version: version::TLS12, ..any });
        self.move_to_front(aead);
        self.move_to_front(ephemeral);
        self.move_to_front(Traits { mac: mac::AEAD, ..ephemeral });
        self.delete(any);
    }

    fn apply_rules(&mut self, text: &str) -> Result<(), InvalidCommand> {
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            if is_separator(first) {
                rest = &rest[1..];
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
            match first {
                '!' => self.entries.retain(|entry| !selection.selects(entry)),
                '-' => self.delete(selection),
                '+' => self.move_to_end(selection),
                _ => self.add(selection),
            }
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

    fn add(&mut self, selection: impl Into<Selection>) {
        let selection = selection.into();
        let (mut added, mut others) = self.split(|entry| !entry.is_chosen && selection.selects(entry));
        added.iter_mut().for_each(|entry| entry.is_chosen = true);
        others.append(&mut added);
        self.entries = others;
    }

    /// They come in again in the order in which they were.
    fn delete(&mut self, selection: impl Into<Selection>) {
        let selection = selection.into();
        let (mut deleted, mut others) = self.split(|entry| entry.is_chosen && selection.selects(entry));
        deleted.iter_mut().for_each(|entry| entry.is_chosen = false);
        deleted.append(&mut others);
        self.entries = deleted;
    }

    fn move_to_end(&mut self, selection: impl Into<Selection>) {
        let selection = selection.into();
        let (mut moved, mut others) = self.split(|entry| entry.is_chosen && selection.selects(entry));
        others.append(&mut moved);
        self.entries = others;
    }

    fn move_to_front(&mut self, selection: impl Into<Selection>) {
        let selection = selection.into();
        let (mut moved, mut others) = self.split(|entry| entry.is_chosen && selection.selects(entry));
        moved.append(&mut others);
        self.entries = moved;
    }

    fn sort_by_strength(&mut self) {
        self.entries
            .sort_by_key(|entry| (entry.is_chosen, entry.is_chosen.then(|| u16::MAX - entry.suite.strength_bits())));
    }

    fn split(&self, takes: impl Fn(&Entry) -> bool) -> (Vec<Entry>, Vec<Entry>) {
        self.entries.iter().partition(|entry| takes(entry))
    }
}

/// What an item of the list selects.
struct Selection {
    traits: Traits,
    /// The one suite that it names.
    number: Option<u16>,
}

impl Selection {
    fn selects(&self, entry: &Entry) -> bool {
        self.number.is_none_or(|number| number == entry.suite.number) && self.traits.select(&entry.traits)
    }
}

impl From<Traits> for Selection {
    fn from(traits: Traits) -> Self {
        Self { traits, number: None }
    }
}

/// The selection that a text begins with, none if it is unknown or contradicts itself, and the text after it.
fn selection(text: &str) -> Result<(Option<Selection>, &str), InvalidCommand> {
    let mut selection = Selection { traits: Traits::default(), number: None };
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

fn is_separator(character: char) -> bool {
    matches!(character, ':' | ' ' | ';' | ',')
}

/// The word at the beginning, and what comes after.
fn split_word(text: &str) -> (&str, &str) {
    let is_of_word = |character: char| character.is_ascii_alphanumeric() || "-_.=".contains(character);
    text.split_at(text.find(|character| !is_of_word(character)).unwrap_or(text.len()))
}

/// What comes after the item that a text is in.
fn skip_item(text: &str) -> &str {
    text.find(is_separator).map_or("", |end| &text[end..])
}
