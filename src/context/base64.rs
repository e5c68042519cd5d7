//! Base64 (RFC 4648, 4) as PEM has it. Private keys are among what it stands for: neither branches nor addresses depend on that, and nothing of
//! it stays in memory.

use zeroize::Zeroizing;

/// How many digits make up a group, of three octets.
const GROUP: usize = 4;

/// What base64 stands for; `None` if it is none. White space does not count, and padding may be left out.
pub(super) fn decode(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut octets = Zeroizing::new(Vec::with_capacity(text.len().div_ceil(GROUP) * 3));
    let (mut group, mut digits, mut padding) = (0u32, 0, 0);
    for character in text.bytes().filter(|character| !matches!(character, b'\t'..=b'\r' | b' ')) {
        if character == b'=' {
            padding += 1;
            continue;
        }
        let digit = digit(character);
        if digit == NO_DIGIT || padding > 0 {
            return None;
        }
        group = group << 6 | u32::from(digit);
        digits += 1;
        if digits % GROUP == 0 {
            octets.extend_from_slice(&group.to_be_bytes()[1..]);
        }
    }
    let (rest, shift) = match (digits % GROUP, padding) {
        (0, 0) => (0, 0),
        (2, 0 | 2) => (1, 12),
        (3, 0 | 1) => (2, 6),
        _ => return None,
    };
    octets.extend_from_slice(&(group << shift).to_be_bytes()[1..=rest]);
    Some(octets)
}

/// What a digit stands for, or [`NO_DIGIT`].
fn digit(character: u8) -> u8 {
    let upper = character.wrapping_sub(b'A') & mask(character, b'A', b'Z');
    let lower = character.wrapping_sub(b'a').wrapping_add(26) & mask(character, b'a', b'z');
    let decimal = character.wrapping_sub(b'0').wrapping_add(52) & mask(character, b'0', b'9');
    let plus = 62 & mask(character, b'+', b'+');
    let slash = 63 & mask(character, b'/', b'/');
    let any = mask(character, b'A', b'Z')
        | mask(character, b'a', b'z')
        | mask(character, b'0', b'9')
        | mask(character, b'+', b'+')
        | mask(character, b'/', b'/');
    upper | lower | decimal | plus | slash | (NO_DIGIT & !any)
}

/// All ones for a character from `first` to `last`, or else zero.
fn mask(character: u8, first: u8, last: u8) -> u8 {
    let (character, first, last) = (i16::from(character), i16::from(first), i16::from(last));
    // Both differences are negative inside, and so is their conjunction.
    (((first - 1 - character) & (character - last - 1)) >> 8) as u8
}

/// What no digit stands for.
const NO_DIGIT: u8 = 0xff;

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(text: &str) -> Option<Vec<u8>> {
        decode(text).map(|octets| octets.to_vec())
    }

    #[test]
    fn what_is_written_is_read() {
        const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let octets: Vec<u8> = (0..=255).cycle().take(1000).map(|octet: u8| octet.wrapping_mul(101)).collect();
        for length in 0..octets.len() {
            let mut text = String::new();
            for chunk in octets[..length].chunks(3) {
                let group =
                    chunk.iter().fold(0, |group, octet| group << 8 | u32::from(*octet)) << (8 * (3 - chunk.len()));
                for place in 0..=chunk.len() {
                    text.push(char::from(DIGITS[(group >> (18 - 6 * place)) as usize & 63]));
                }
            }
            assert_eq!(decoded(&text).as_deref(), Some(&octets[..length]));
            let padding = &"==="[..(4 - text.len() % 4) % 4];
            assert_eq!(decoded(&(text + padding)).as_deref(), Some(&octets[..length]));
        }
    }

    #[test]
    fn every_character_is_what_it_is() {
        for character in (0..=0x7f).map(char::from) {
            let expected = match character {
                'A'..='Z' | 'a'..='z' | '0'..='9' | '+' | '/' => Some(3),
                '\t'..='\r' | ' ' => Some(2),
                _ => None,
            };
            assert_eq!(decoded(&format!("AA{character}A")).map(|octets| octets.len()), expected, "{character:?}");
        }
    }

    #[test]
    fn padding_stands_at_the_end_and_is_of_its_length() {
        for text in ["A", "AA=", "A===", "AAAA=", "AAA==", "=AAA", "AA==AAAA", "AAA=AAAA", "AAA\u{e4}"] {
            assert_eq!(decoded(text), None, "{text}");
        }
    }

    #[test]
    fn nothing_is_moved_while_it_grows() {
        let text = "AAAA\n".repeat(500);
        let octets = decode(&text).unwrap();
        assert_eq!((octets.len(), octets.capacity()), (1500, text.len().div_ceil(4) * 3));
    }
}
