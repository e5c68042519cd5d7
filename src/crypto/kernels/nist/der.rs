//! DER of a pair of numbers: a SEQUENCE of two INTEGERs (X.690, 8.3, 8.9, 10.1).

const INTEGER: u8 = 0x02;
const SEQUENCE: u8 = 0x30;
/// The first octet of a length that has one more.
const ONE_OCTET: u8 = 0x81;

/// Read two numbers that are not below zero, of so many octets each at most; gives both at that length, one after the other. Nothing comes
/// of what is longer than it need be, or has something after it.
pub(super) fn read_pair(bytes: &[u8], length: usize) -> Option<Vec<u8>> {
    let (mut numbers, rest) = read(SEQUENCE, bytes)?;
    if !rest.is_empty() {
        return None;
    }
    let mut pair = vec![0; 2 * length];
    for place in pair.chunks_exact_mut(length) {
        let (number, rest) = read(INTEGER, numbers)?;
        let number = match number {
            [0, second, ..] if second & 0x80 != 0 => &number[1..],
            [0, _, ..] | [] => return None,
            [first, ..] if first & 0x80 != 0 => return None,
            number => number,
        };
        let start = length.checked_sub(number.len())?;
        place[start..].copy_from_slice(number);
        numbers = rest;
    }
    numbers.is_empty().then_some(pair)
}

/// The contents of an element, and what follows it. Lengths are below 256.
fn read(tag: u8, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = match bytes {
        [first, length @ ..=0x7f, rest @ ..] if *first == tag => (*length, rest),
        [first, ONE_OCTET, length @ 0x80..=0xff, rest @ ..] if *first == tag => (*length, rest),
        _ => return None,
    };
    rest.split_at_checked(length.into())
}

/// Write two numbers, which are not below zero.
pub(super) fn write_pair(one: &[u8], other: &[u8]) -> Vec<u8> {
    write(SEQUENCE, &[write_number(one), write_number(other)].concat())
}

fn write_number(number: &[u8]) -> Vec<u8> {
    let zeros = number.iter().take_while(|octet| **octet == 0).count();
    let significant = &number[zeros.min(number.len() - 1)..];
    match significant[0] & 0x80 {
        0 => write(INTEGER, significant),
        _ => write(INTEGER, &[&[0], significant].concat()),
    }
}

fn write(tag: u8, contents: &[u8]) -> Vec<u8> {
    let length = contents.len() as u8;
    let header: &[u8] = if length < 0x80 { &[tag, length] } else { &[tag, ONE_OCTET, length] };
    [header, contents].concat()
}
