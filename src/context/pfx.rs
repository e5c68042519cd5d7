//! PKCS#12 files (RFC 7292): a private key and certificates under one passphrase.

use std::collections::{BTreeMap, VecDeque};

use rustls_pki_types::PrivateKeyDer;
use zeroize::{Zeroize, Zeroizing};

use super::ber::{self, BerError};
use super::der_fault::DerFault;
use super::password::{self, DecryptError, Passphrase, Work};
use super::{encrypted_key, private_key};
use crate::certificate::{Certificate, Element, Malformed, PublicKey, Tag};

/// 1.2.840.113549.1.7.1
const DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1];
/// 1.2.840.113549.1.7.6
const ENCRYPTED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 6];
/// The bags' identifiers less their last number: 1.2.840.113549.1.12.10.1
const BAG: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 12, 10, 1];
/// x509Certificate, 1.2.840.113549.1.9.22.1
const X509_CERTIFICATE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 22, 1];
/// localKeyId, 1.2.840.113549.1.9.21
const LOCAL_KEY_ID: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 21];

/// How deep bags of bags may nest.
const MAX_BAG_DEPTH: u8 = 8;

/// What a PKCS#12 file holds.
#[derive(Debug)]
pub struct Pfx {
    /// The first private key.
    pub key: PrivateKeyDer<'static>,
    /// The certificate of the key, its issuer, the issuer of that and so on, as far as they are in the file.
    pub chain: Vec<Vec<u8>>,
    /// The other certificates, in their order.
    pub others: Vec<Vec<u8>>,
}

/// Why a PKCS#12 file gives nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PfxError {
    /// It ends too early.
    NotEnoughData,
    /// It is no PKCS#12 file.
    NoPfx(DerFault),
    /// Something in it can not be read.
    Bad,
    /// The passphrase is another, or the file was changed.
    MacVerifyFailure,
    /// The passphrase is another: known of files without a MAC only when they are decrypted.
    BadDecrypt,
    /// There is no private key.
    NoKey,
    /// There is no certificate that belongs to the key.
    NoCertificate,
    /// An algorithm is not supported.
    Unsupported(&'static str),
    /// It asks for more than [`MAX_ITERATIONS`](super::MAX_ITERATIONS) altogether, or what is allowed for scrypt.
    TooMuchWork,
}

impl From<Malformed> for PfxError {
    fn from(_: Malformed) -> Self {
        Self::Bad
    }
}

impl From<DecryptError> for PfxError {
    fn from(error: DecryptError) -> Self {
        match error {
            DecryptError::Malformed => Self::Bad,
            DecryptError::BadDecrypt => Self::BadDecrypt,
            DecryptError::Unsupported(what) => Self::Unsupported(what),
            DecryptError::TooMuchWork => Self::TooMuchWork,
        }
    }
}

/// Open a PKCS#12 file, with a MAC or without. No passphrase is also an empty one, which is tried in both its encodings.
pub fn open(bytes: &[u8], passphrase: Option<&[u8]>) -> Result<Pfx, PfxError> {
    open_within(bytes, passphrase, &mut Work::default())
}

/// [`open`] within limits of the caller's.
pub fn open_within(bytes: &[u8], passphrase: Option<&[u8]>, work: &mut Work) -> Result<Pfx, PfxError> {
    let der = ber::to_der(bytes).map_err(|error| match error {
        BerError::Truncated => PfxError::NotEnoughData,
        // An element that does not tell its length ends with two zeros.
        BerError::Malformed if bytes.get(1) == Some(&0x80) && !bytes.ends_with(&[0, 0]) => PfxError::NotEnoughData,
        BerError::Malformed => PfxError::NoPfx(DerFault::of(bytes)),
    })?;
    match passphrase.unwrap_or_default() {
        [] => match open_with(&der, &Passphrase::none(), work) {
            Err(PfxError::MacVerifyFailure | PfxError::BadDecrypt) => open_with(&der, &Passphrase::new(&[]), work),
            opened => opened,
        },
        passphrase => open_with(&der, &Passphrase::new(passphrase), work),
    }
}

fn open_with(der: &[u8], passphrase: &Passphrase<'_>, work: &mut Work) -> Result<Pfx, PfxError> {
    let elements = Element::first(der).and_then(|file| file.children(Tag::SEQUENCE)).unwrap_or_default();
    let [Element { tag: Tag::INTEGER, .. }, content_info, mac_data @ ..] = &elements[..] else {
        return Err(PfxError::NoPfx(match elements[..] {
            [Element { tag: Tag::INTEGER, .. }] => DerFault::FieldMissing,
            _ => DerFault::of(der),
        }));
    };
    let (DATA, content) = content(content_info)? else {
        return Err(PfxError::Unsupported("public-key privacy or integrity"));
    };
    let content = content.contents(Tag::OCTET_STRING)?;
    if let Some(mac_data) = mac_data.first()
        && !password::verify_mac(mac_data, content, passphrase, work)?
    {
        return Err(PfxError::MacVerifyFailure);
    }

    let mut contents = Contents::default();
    let content = ber::to_der(content).map_err(|_| PfxError::Bad)?;
    for content_info in Element::first(&content)?.children(Tag::SEQUENCE)? {
        contents.add_content(&content_info, passphrase, work)?;
    }
    contents.sort()
}

/// The type of a `ContentInfo`, and what is in it.
fn content<'a>(content_info: &Element<'a>) -> Result<(&'a [u8], Element<'a>), Malformed> {
    let [kind, content] = content_info.children(Tag::SEQUENCE)?[..] else {
        return Err(Malformed);
    };
    let [content] = content.children(Tag::context(0))?[..] else {
        return Err(Malformed);
    };
    Ok((kind.object_identifier()?, content))
}

/// What was found, each with its localKeyId.
#[derive(Debug, Default)]
struct Contents {
    key: Option<(PrivateKeyDer<'static>, Option<Vec<u8>>)>,
    certificates: Vec<(Vec<u8>, Option<Vec<u8>>)>,
}

impl Contents {
    /// Add what is in a part of the `AuthenticatedSafe`.
    fn add_content(
        &mut self,
        content_info: &Element<'_>,
        passphrase: &Passphrase<'_>,
        work: &mut Work,
    ) -> Result<(), PfxError> {
        match content(content_info)? {
            (DATA, content) => self.add_bags(content.contents(Tag::OCTET_STRING)?, passphrase, work, 0),
            (ENCRYPTED_DATA, content) => {
                let plaintext = decrypt(&content, passphrase, work)?;
                // One wrong passphrase in 256 leaves a padding that looks right: what comes of it is nothing.
                self.add_bags(&plaintext, passphrase, work, 0).map_err(|error| match error {
                    PfxError::Bad => PfxError::BadDecrypt,
                    other => other,
                })
            }
            _ => Err(PfxError::Unsupported("public-key privacy")),
        }
    }

    /// Add what is in `SafeContents`.
    fn add_bags(
        &mut self,
        safe_contents: &[u8],
        passphrase: &Passphrase<'_>,
        work: &mut Work,
        depth: u8,
    ) -> Result<(), PfxError> {
        let der = ber::to_der(safe_contents).map_err(|_| PfxError::Bad)?;
        for bag in Element::first(&der)?.children(Tag::SEQUENCE)? {
            let [identifier, value, attributes @ ..] = &bag.children(Tag::SEQUENCE)?[..] else {
                return Err(PfxError::Bad);
            };
            let [value] = value.children(Tag::context(0))?[..] else {
                return Err(PfxError::Bad);
            };
            let local_key_id = || attributes.first().map_or(Ok(None), local_key_id);
            match identifier.object_identifier()?.strip_prefix(BAG) {
                // keyBag; only the first key counts, as in OpenSSL.
                Some([1]) if self.key.is_none() => {
                    self.key = Some((private_key::read_pkcs8(value.bytes)?, local_key_id()?));
                }
                // pkcs8ShroudedKeyBag
                Some([2]) if self.key.is_none() => {
                    let key = encrypted_key::open_pkcs8(value.bytes, passphrase, work)?;
                    self.key = Some((key, local_key_id()?));
                }
                // certBag
                Some([3]) => {
                    if let Some(certificate) = certificate(&value)? {
                        self.certificates.push((certificate, local_key_id()?));
                    }
                }
                // safeContentsBag
                Some([6]) if depth < MAX_BAG_DEPTH => self.add_bags(value.bytes, passphrase, work, depth + 1)?,
                Some([6]) => return Err(PfxError::Bad),
                // CRLs and secrets are of no use here.
                _ => {}
            }
        }
        Ok(())
    }

    /// Find the certificate of the key, and then its issuers.
    fn sort(self) -> Result<Pfx, PfxError> {
        let (mut key, key_id) = self.key.ok_or(PfxError::NoKey)?;
        // Those that can not be read are nobody's issuers.
        let read: Vec<_> = self.certificates.iter().map(|(der, _)| Certificate::parse(der).ok()).collect();
        let ids = self.certificates.iter().map(|(_, id)| id.as_deref());
        let candidates = read.iter().zip(ids).enumerate();
        let candidates = candidates.filter_map(|(index, (read, id))| Some((index, &read.as_ref()?.public_key, id)));
        let Some(leaf) = leaf_index(&key, key_id.as_deref(), candidates) else {
            key.zeroize();
            return Err(PfxError::NoCertificate);
        };

        let mut by_subject = BTreeMap::<&[u8], VecDeque<usize>>::new();
        for (index, certificate) in read.iter().enumerate().filter(|(index, _)| *index != leaf) {
            let subject = certificate.iter().map(|certificate| certificate.subject_canonical.as_slice());
            subject.for_each(|subject| by_subject.entry(subject).or_default().push_back(index));
        }
        let mut places = vec![leaf];
        while let Some(Some(last)) = places.last().map(|last| &read[*last])
            && !last.is_self_issued()
            && let Some(issuer) = by_subject.get_mut(last.issuer_canonical.as_slice()).and_then(VecDeque::pop_front)
        {
            places.push(issuer);
        }

        let mut others: Vec<_> = self.certificates.iter().map(|(der, _)| Some(der.clone())).collect();
        let chain = places.iter().filter_map(|place| others[*place].take()).collect();
        Ok(Pfx { key, chain, others: others.into_iter().flatten().collect() })
    }
}

/// Decrypt an `EncryptedData` (RFC 5652, 8).
fn decrypt(
    encrypted_data: &Element<'_>,
    passphrase: &Passphrase<'_>,
    work: &mut Work,
) -> Result<Zeroizing<Vec<u8>>, PfxError> {
    let [_version, info, ..] = encrypted_data.children(Tag::SEQUENCE)?[..] else {
        return Err(PfxError::Bad);
    };
    let [_content_type, algorithm, content] = info.children(Tag::SEQUENCE)?[..] else {
        return Err(PfxError::Bad);
    };
    // An OCTET STRING whose tag is replaced, in one piece or in several.
    let ciphertext = match content.tag {
        tag if tag == Tag::context_primitive(0) => content.value.to_vec(),
        _ => {
            let pieces = content.children(Tag::context(0))?;
            let pieces = pieces.iter().map(|piece| piece.contents(Tag::OCTET_STRING));
            pieces.collect::<Result<Vec<_>, _>>()?.concat()
        }
    };
    Ok(password::decrypt(&algorithm, &ciphertext, passphrase, work)?)
}

/// The certificate of a `CertBag`, if it is one of X.509.
fn certificate(bag: &Element<'_>) -> Result<Option<Vec<u8>>, Malformed> {
    let [kind, value] = bag.children(Tag::SEQUENCE)?[..] else {
        return Err(Malformed);
    };
    if kind.object_identifier()? != X509_CERTIFICATE {
        return Ok(None);
    }
    let [value] = value.children(Tag::context(0))?[..] else {
        return Err(Malformed);
    };
    Ok(Some(value.contents(Tag::OCTET_STRING)?.to_vec()))
}

fn local_key_id(attributes: &Element<'_>) -> Result<Option<Vec<u8>>, Malformed> {
    for attribute in attributes.children(Tag::SET)? {
        let [kind, values] = attribute.children(Tag::SEQUENCE)?[..] else {
            return Err(Malformed);
        };
        if kind.object_identifier()? == LOCAL_KEY_ID {
            return Ok(Some(values.contents(Tag::SET)?.to_vec()));
        }
    }
    Ok(None)
}

/// The certificate whose public key is the key's. Where that is not known, it is the only one that it can be, or localKeyId says which.
fn leaf_index<'c>(
    key: &PrivateKeyDer<'_>,
    key_id: Option<&[u8]>,
    certificates: impl Iterator<Item = (usize, &'c PublicKey<'c>, Option<&'c [u8]>)>,
) -> Option<usize> {
    let mut candidates = Vec::new();
    for (index, public_key, id) in certificates {
        match private_key::matches(key, public_key) {
            Some(true) => return Some(index),
            None if private_key::is_of_algorithm(key, public_key) => candidates.push((index, id)),
            _ => {}
        }
    }
    match candidates[..] {
        [(index, _)] => Some(index),
        _ => candidates.iter().find(|(_, id)| id.is_some() && *id == key_id).map(|(index, _)| *index),
    }
}
