//! Changes to inputs, at random but the same for the same seed. Most change an element of DER and mend the lengths around it, so that
//! what looks at the insides gets to see them.

/// A generator of numbers (SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below a limit, which is not zero.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.number() % limit as u64) as usize
    }

    fn byte(&mut self) -> u8 {
        self.number() as u8
    }

    fn choose<'t, T>(&mut self, choices: &'t [T]) -> &'t T {
        &choices[self.below(choices.len())]
    }
}

/// How deep elements are looked into.
const MAX_DEPTH: usize = 24;
/// How often one is repeated at the most.
const MOST_COPIES: usize = 40;

const BIT_STRING: u8 = 0x03;
const OCTET_STRING: u8 = 0x04;
const CONSTRUCTED: u8 = 0x20;
const LONG_TAG: u8 = 0x1f;

/// The tags of X.509, and of what is around it.
const TAGS: [u8; 34] = [
    0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0a, 0x0c, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1a, 0x1c, 0x1e, 0x24, 0x30, 0x31,
    0x80, 0x81, 0x82, 0x84, 0x85, 0x86, 0x87, 0x88, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6,
];

/// Contents that are at some edge.
const VALUES: [&[u8]; 23] = [
    &[],
    &[0],
    &[0xff],
    &[0, 0],
    &[0x7f, 0xff, 0xff, 0xff],
    &[0x80, 0, 0, 0],
    &[0xff; 8],
    &[0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    &[0x80; 9],
    b"000101000000Z",
    b"500101000000Z",
    b"991231235959Z",
    b"20991231235959Z",
    b"00000101000000Z",
    b"99991231235959Z",
    b"20000230000000Z",
    b"*.example.org",
    b".",
    b"a\0b",
    b"xn--\xff",
    &[0; 4],
    &[0xff; 32],
    &[0x20; 300],
];

/// The contents of OBJECT IDENTIFIERs: those that are looked for here, but for their last number, which is drawn.
const IDENTIFIERS: [&[u8]; 14] = [
    // id-at, id-ce
    &[0x55, 4],
    &[0x55, 0x1d],
    // id-pe, id-kp, id-ad, id-pkix-ocsp
    &[0x2b, 6, 1, 5, 5, 7, 1],
    &[0x2b, 6, 1, 5, 5, 7, 3],
    &[0x2b, 6, 1, 5, 5, 7, 48],
    &[0x2b, 6, 1, 5, 5, 7, 48, 1],
    // PKCS#1, #5, #7, #9, #12
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1],
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5],
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7],
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9],
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 12, 10, 1],
    // HMAC, curves, ciphers of NIST
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2],
    &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3],
    &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1],
];
const OBJECT_IDENTIFIER: u8 = 0x06;

/// One element, and those inside.
#[derive(Clone)]
struct Node {
    tag: u8,
    contents: Contents,
}

#[derive(Clone)]
enum Contents {
    Bytes(Vec<u8>),
    /// After the octet of unused bits, if it is a BIT STRING.
    Nodes(Vec<Node>),
}

/// A change of the DER that comes after a header of some bytes; `None` if there is none.
pub fn mutate_der(bytes: &[u8], header: usize, random: &mut Random) -> Option<Vec<u8>> {
    let (header, der) = bytes.split_at_checked(header)?;
    let mut header = header.to_vec();
    let mut nodes = read(der, 0).filter(|nodes| !nodes.is_empty())?;
    if !header.is_empty() && random.below(8) == 0 {
        mutate_bytes(&mut header, random);
        header.resize(bytes.len() - der.len(), 0);
    } else {
        for _ in 0..=random.below(3) {
            change(&mut nodes, random);
        }
    }
    write(&nodes, &mut header);
    Some(header)
}

/// A change of bytes of whatever kind.
pub fn mutate_bytes(bytes: &mut Vec<u8>, random: &mut Random) {
    let length = bytes.len();
    let at = random.below(length + 1);
    match random.below(8) {
        0 => bytes.truncate(at),
        1 => bytes.insert(at, random.byte()),
        2 => *bytes = random.choose(&VALUES).to_vec(),
        3 => drop(bytes.splice(at..at, random.choose(&VALUES).iter().copied())),
        4 => {
            let until = at + random.below(length - at + 1);
            let part = bytes[at..until].to_vec();
            drop(bytes.splice(at..at, part));
        }
        5 => {
            let until = at + random.below(length - at + 1);
            bytes.drain(at..until);
        }
        6 if at < length => bytes[at] = random.byte(),
        _ if at < length => bytes[at] ^= 1 << random.below(8),
        _ => {}
    }
}

fn change(nodes: &mut Vec<Node>, random: &mut Random) {
    let count = nodes.iter().map(Node::count).sum();
    if count == 0 {
        return;
    }
    let donor = nth(nodes, random.below(count)).cloned();
    let Some((list, at)) = locate(nodes, random.below(count)) else {
        return;
    };
    match (random.below(14), donor) {
        (0, _) => drop(list.remove(at)),
        (1, _) => {
            let copies = if random.below(8) == 0 { random.below(MOST_COPIES) } else { 1 };
            let node = list[at].clone();
            list.splice(at..at, std::iter::repeat_n(node, copies));
        }
        (2, _) => {
            let other = random.below(list.len());
            list.swap(at, other);
        }
        (3, Some(donor)) => list[at] = donor,
        (4, Some(donor)) => list.insert(at, donor),
        (5, Some(donor)) => list[at].contents = donor.contents,
        (6, _) => list[at].tag = *random.choose(&TAGS),
        (7, _) => list[at].tag = random.byte(),
        (8, _) => {
            let inner = std::mem::replace(
                &mut list[at],
                Node { tag: *random.choose(&TAGS), contents: Contents::Bytes(Vec::new()) },
            );
            list[at].contents = Contents::Nodes(vec![inner]);
        }
        _ => list[at].mutate(random),
    }
}

impl Node {
    fn count(&self) -> usize {
        match &self.contents {
            Contents::Bytes(_) => 1,
            Contents::Nodes(nodes) => 1 + nodes.iter().map(Self::count).sum::<usize>(),
        }
    }

    fn mutate(&mut self, random: &mut Random) {
        let mut bytes = match &self.contents {
            Contents::Bytes(bytes) => bytes.clone(),
            Contents::Nodes(nodes) => {
                let mut bytes = Vec::new();
                write(nodes, &mut bytes);
                bytes
            }
        };
        if self.tag == OBJECT_IDENTIFIER && random.below(2) == 0 {
            bytes = [random.choose(&IDENTIFIERS), &[random.below(64) as u8][..]].concat();
        } else {
            mutate_bytes(&mut bytes, random);
        }
        self.contents = Contents::Bytes(bytes);
    }
}

/// The element of a number, counted in the order of the bytes.
fn nth(nodes: &[Node], mut number: usize) -> Option<&Node> {
    for node in nodes {
        match (number.checked_sub(node.count()), &node.contents) {
            (Some(rest), _) => number = rest,
            (None, Contents::Nodes(inner)) if number > 0 => return nth(inner, number - 1),
            (None, _) => return Some(node),
        }
    }
    None
}

/// The list that the element of a number is in, and its place there.
fn locate(nodes: &mut Vec<Node>, mut number: usize) -> Option<(&mut Vec<Node>, usize)> {
    for at in 0..nodes.len() {
        match number.checked_sub(nodes[at].count()) {
            Some(rest) => number = rest,
            None if number == 0 => return Some((nodes, at)),
            None => {
                return match &mut nodes[at].contents {
                    Contents::Nodes(inner) => locate(inner, number - 1),
                    Contents::Bytes(_) => None,
                };
            }
        }
    }
    None
}

/// Elements with definite lengths, up to the end; `None` for anything else.
fn read(mut bytes: &[u8], depth: usize) -> Option<Vec<Node>> {
    let mut nodes = Vec::new();
    while let Some((&tag, rest)) = bytes.split_first() {
        let (&first, rest) = rest.split_first()?;
        let octets = if first < 0x80 { 0 } else { usize::from(first & 0x7f) };
        if tag & LONG_TAG == LONG_TAG || first == 0x80 || octets > 4 {
            return None;
        }
        let (long, rest) = rest.split_at_checked(octets)?;
        let length = match octets {
            0 => usize::from(first),
            _ => long.iter().fold(0, |length, octet| length << 8 | usize::from(*octet)),
        };
        let (value, rest) = rest.split_at_checked(length)?;
        nodes.push(Node { tag, contents: contents(tag, value, depth) });
        bytes = rest;
    }
    Some(nodes)
}

fn contents(tag: u8, value: &[u8], depth: usize) -> Contents {
    let inside = match (tag, value) {
        (BIT_STRING, [0, bits @ ..]) => Some(bits),
        (OCTET_STRING, octets) => Some(octets),
        _ => Some(value).filter(|_| tag & CONSTRUCTED != 0),
    };
    let nodes =
        inside.filter(|inside| !inside.is_empty() && depth < MAX_DEPTH).and_then(|inside| read(inside, depth + 1));
    nodes.map_or_else(|| Contents::Bytes(value.to_vec()), Contents::Nodes)
}

fn write(nodes: &[Node], out: &mut Vec<u8>) {
    for node in nodes {
        let value = match &node.contents {
            Contents::Bytes(bytes) => bytes.clone(),
            Contents::Nodes(inner) => {
                let mut value = if node.tag == BIT_STRING { vec![0] } else { Vec::new() };
                write(inner, &mut value);
                value
            }
        };
        out.append(&mut element(node.tag, &[&value]));
    }
}

/// An element of DER.
pub fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let contents = parts.concat();
    let length = (contents.len() as u32).to_be_bytes();
    let significant = &length[length.iter().take_while(|octet| **octet == 0).count()..];
    let header = match contents.len() {
        short @ 0..0x80 => vec![tag, short as u8],
        _ => [&[tag, 0x80 | significant.len() as u8], significant].concat(),
    };
    [header, contents].concat()
}
