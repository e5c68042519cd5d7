//! Private keys in DER: of which kind one is, and the form in which the engine takes it.

use rustls_pki_types::{PrivateKeyDer, PrivatePkcs1KeyDer, PrivatePkcs8KeyDer, PrivateSec1KeyDer};
use zeroize::Zeroizing;

use super::ber::element;
use crate::certificate::{Element, Malformed, PublicKey, Tag};
use crate::crypto::ec_public_key;

/// rsaEncryption, 1.2.840.113549.1.1.1, and its parameters, NULL.
const RSA: &[u8] = &[0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 0x05, 0];
/// id-ecPublicKey, 1.2.840.10045.2.1
const EC: &[u8] = &[0x06, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
/// The curves by their OBJECT IDENTIFIERs, tag and length included, and the length of their numbers.
const CURVES: [(&[u8], usize); 3] = [
    // 1.2.840.10045.3.1.7
    (&[0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7], 32),
    // 1.3.132.0.34 and 35
    (&[0x06, 5, 0x2b, 0x81, 4, 0, 34], 48),
    (&[0x06, 5, 0x2b, 0x81, 4, 0, 35], 66),
];
/// The first octet of a point with both its coordinates (SEC 1, 2.3.3).
const UNCOMPRESSED: u8 = 4;

/// What DER that may be a private key holds.
#[derive(Debug)]
pub(super) enum Kind {
    Plain(PrivateKeyDer<'static>),
    /// An `EncryptedPrivateKeyInfo`.
    Encrypted,
}

/// Read a private key of any kind: PKCS#8 (RFC 5958), PKCS#1 (RFC 8017, A.1.2), SEC 1 (RFC 5915).
pub(super) fn read(der: &[u8]) -> Result<Kind, Malformed> {
    let key = Element::first(der)?;
    let der = key.bytes;
    let fields = key.children(Tag::SEQUENCE)?;
    let tags: Vec<Tag> = fields.iter().take(3).map(|field| field.tag).collect();
    match tags[..] {
        [Tag::SEQUENCE, Tag::OCTET_STRING] => Ok(Kind::Encrypted),
        [Tag::INTEGER, Tag::SEQUENCE, Tag::OCTET_STRING] => pkcs8(der, &fields).map(Kind::Plain),
        [Tag::INTEGER, Tag::INTEGER, Tag::INTEGER] => {
            Ok(Kind::Plain(PrivateKeyDer::Pkcs1(PrivatePkcs1KeyDer::from(der.to_vec()))))
        }
        [Tag::INTEGER, Tag::OCTET_STRING, ..] => sec1(der, &fields).map(Kind::Plain),
        _ => Err(Malformed),
    }
}

/// Read a private key in PKCS#8.
pub(super) fn read_pkcs8(der: &[u8]) -> Result<PrivateKeyDer<'static>, Malformed> {
    match read(der)? {
        Kind::Plain(key @ PrivateKeyDer::Pkcs8(_)) => Ok(key),
        _ => Err(Malformed),
    }
}

/// Whether a key is that of a public key; nothing, if its own public key is not with it.
pub(super) fn matches(key: &PrivateKeyDer<'_>, public: &PublicKey<'_>) -> Option<bool> {
    let fields = match key {
        PrivateKeyDer::Pkcs1(key) => Element::first(key.secret_pkcs1_der()),
        PrivateKeyDer::Pkcs8(key) => pkcs8_fields(key.secret_pkcs8_der()).and_then(|(_, key)| Element::first(key)),
        _ => return None,
    };
    match &fields.ok()?.children(Tag::SEQUENCE).ok()?[..] {
        // RSAPublicKey is two of the fields of RSAPrivateKey.
        [_, modulus, exponent, _, ..] => Some(element(Tag::SEQUENCE, &[modulus.bytes, exponent.bytes]) == public.bits),
        // ECPrivateKey, as it is written here.
        [_, _, point] => Some(Element::first(point.value).and_then(|point| point.bit_string()) == Ok(public.bits)),
        _ => None,
    }
}

/// Whether the algorithms of a key and of a public key are the same.
pub(super) fn is_of_algorithm(key: &PrivateKeyDer<'_>, public: &PublicKey<'_>) -> bool {
    match key {
        PrivateKeyDer::Pkcs8(key) => {
            pkcs8_fields(key.secret_pkcs8_der()).is_ok_and(|(name, _)| name == public.algorithm)
        }
        _ => false,
    }
}

/// The contents of the algorithm and of the key in PKCS#8.
fn pkcs8_fields(der: &[u8]) -> Result<(&[u8], &[u8]), Malformed> {
    match Element::first(der)?.children(Tag::SEQUENCE)?[..] {
        [_, algorithm, key, ..] => Ok((algorithm.contents(Tag::SEQUENCE)?, key.contents(Tag::OCTET_STRING)?)),
        _ => Err(Malformed),
    }
}

/// PKCS#8 in version 1 and without attributes where it is known how.
fn pkcs8(der: &[u8], fields: &[Element<'_>]) -> Result<PrivateKeyDer<'static>, Malformed> {
    if let Some(key) = EcKey::read(der)? {
        return Ok(key.write());
    }
    match fields {
        // Some leave the NULL out.
        [_, algorithm, key, ..] if RSA.starts_with(algorithm.value) && !algorithm.value.is_empty() => {
            Ok(wrap(RSA, key.value))
        }
        [version, algorithm, key, ..] if version.value == [0] => Ok(wrap(algorithm.value, key.value)),
        _ => Ok(PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(der.to_vec()))),
    }
}

/// SEC 1 as PKCS#8, if the curve is known.
fn sec1(der: &[u8], fields: &[Element<'_>]) -> Result<PrivateKeyDer<'static>, Malformed> {
    let curve = fields.iter().find(|field| field.tag == Tag::context(0)).map(|field| field.value);
    match EcKey::new(curve.unwrap_or_default(), fields, None)? {
        Some(key) => Ok(key.write()),
        None => Ok(PrivateKeyDer::Sec1(PrivateSec1KeyDer::from(der.to_vec()))),
    }
}

/// What a private key of an elliptic curve consists of.
struct EcKey {
    curve: &'static [u8],
    number: Zeroizing<Vec<u8>>,
    /// Nothing, if it is not there and the number has none.
    public: Option<Vec<u8>>,
}

impl EcKey {
    /// Read PKCS#8; nothing comes of another algorithm or an unknown curve.
    fn read(der: &[u8]) -> Result<Option<Self>, Malformed> {
        let fields = Element::first(der)?.children(Tag::SEQUENCE)?;
        let [_, algorithm, key, optional @ ..] = &fields[..] else {
            return Err(Malformed);
        };
        let Some(curve) = algorithm.contents(Tag::SEQUENCE)?.strip_prefix(EC) else {
            return Ok(None);
        };
        let inner = Element::first(key.contents(Tag::OCTET_STRING)?)?.children(Tag::SEQUENCE)?;
        // publicKey [1] of OneAsymmetricKey, whose BIT STRING's tag it replaces.
        let outer = optional.iter().find(|field| field.tag == Tag::context_primitive(1));
        let outer = outer.and_then(|field| field.value.strip_prefix(&[0]));
        Self::new(curve, &inner, outer)
    }

    /// From the fields of an `ECPrivateKey`, and the public key that may be beside it. If it is nowhere, it is computed.
    fn new(curve: &[u8], fields: &[Element<'_>], public: Option<&[u8]>) -> Result<Option<Self>, Malformed> {
        let [_, number, optional @ ..] = fields else {
            return Err(Malformed);
        };
        let Some((curve, length)) = CURVES.into_iter().find(|(known, _)| *known == curve) else {
            return Ok(None);
        };
        // Some write fewer octets where the number is small, or more.
        let number = number.contents(Tag::OCTET_STRING)?;
        let significant = &number[number.iter().take_while(|octet| **octet == 0).count()..];
        let missing = length.checked_sub(significant.len()).ok_or(Malformed)?;
        let number = Zeroizing::new([&vec![0; missing], significant].concat());
        let own = match optional.iter().find(|field| field.tag == Tag::context(1)) {
            Some(field) => Some(Element::first(field.value)?.bit_string()?),
            None => None,
        };
        let public = own.and_then(uncompressed).or_else(|| public.and_then(uncompressed)).map(<[u8]>::to_vec);
        let public = public.or_else(|| ec_public_key(&[EC, curve].concat(), &number));
        Ok(Some(Self { curve, number, public }))
    }

    fn write(&self) -> PrivateKeyDer<'static> {
        let public =
            self.public.as_ref().map(|bits| element(Tag::context(1), &[&element(Tag::BIT_STRING, &[&[0], bits])]));
        let version = element(Tag::INTEGER, &[&[1]]);
        let number = Zeroizing::new(element(Tag::OCTET_STRING, &[&self.number]));
        let key = Zeroizing::new(element(Tag::SEQUENCE, &[&version, &number, &public.unwrap_or_default()]));
        wrap(&[EC, self.curve].concat(), &key)
    }
}

fn uncompressed(bits: &[u8]) -> Option<&[u8]> {
    Some(bits).filter(|bits| bits.first() == Some(&UNCOMPRESSED))
}

/// PKCS#8 in version 1.
fn wrap(algorithm: &[u8], key: &[u8]) -> PrivateKeyDer<'static> {
    let version = element(Tag::INTEGER, &[&[0]]);
    let algorithm = element(Tag::SEQUENCE, &[algorithm]);
    let key = Zeroizing::new(element(Tag::OCTET_STRING, &[key]));
    PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(element(Tag::SEQUENCE, &[&version, &algorithm, &key])))
}
