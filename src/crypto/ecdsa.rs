//! ECDSA (FIPS 186-5, 6) with the curves of NIST: what verifies signatures of certificates and handshakes, and keys that sign handshakes.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use isomorphic_tls_kernels::nist::{Curve, Operations, PrivateKey, PublicKey, p256::P256, p384::P384, p521::P521};
use rustls::crypto::{GetRandomFailed, SignatureScheme, Signer, SigningKey, public_key_to_spki};
use rustls::error::Error;
use rustls_pki_types::{
    AlgorithmIdentifier, InvalidSignature, PrivateKeyDer, SignatureVerificationAlgorithm, SubjectPublicKeyInfoDer,
    alg_id,
};

use super::{Digest, digest, random};
use crate::certificate::{Element, Malformed, Tag};

pub(super) static P256_SHA256: Verification<P256, 11> = Verification::new(Digest::Sha256, alg_id::ECDSA_SHA256);
pub(super) static P256_SHA384: Verification<P256, 11> = Verification::new(Digest::Sha384, alg_id::ECDSA_SHA384);
pub(super) static P256_SHA512: Verification<P256, 11> = Verification::new(Digest::Sha512, alg_id::ECDSA_SHA512);
pub(super) static P384_SHA256: Verification<P384, 14> = Verification::new(Digest::Sha256, alg_id::ECDSA_SHA256);
pub(super) static P384_SHA384: Verification<P384, 14> = Verification::new(Digest::Sha384, alg_id::ECDSA_SHA384);
pub(super) static P384_SHA512: Verification<P384, 14> = Verification::new(Digest::Sha512, alg_id::ECDSA_SHA512);
pub(super) static P521_SHA256: Verification<P521, 18> = Verification::new(Digest::Sha256, alg_id::ECDSA_SHA256);
pub(super) static P521_SHA384: Verification<P521, 18> = Verification::new(Digest::Sha384, alg_id::ECDSA_SHA384);
pub(super) static P521_SHA512: Verification<P521, 18> = Verification::new(Digest::Sha512, alg_id::ECDSA_SHA512);

/// What TLS has to do with a curve.
pub(super) trait Named<const N: usize>: Operations<N> {
    /// The contents of a key's AlgorithmIdentifier.
    const ALGORITHM: AlgorithmIdentifier;
    /// How keys sign handshakes (RFC 8446, 4.2.3).
    const SCHEME: SignatureScheme;
    /// The hash of that scheme.
    const HASH: Digest;
}

impl Named<11> for P256 {
    const ALGORITHM: AlgorithmIdentifier = alg_id::ECDSA_P256;
    const SCHEME: SignatureScheme = SignatureScheme::ECDSA_NISTP256_SHA256;
    const HASH: Digest = Digest::Sha256;
}

impl Named<14> for P384 {
    const ALGORITHM: AlgorithmIdentifier = alg_id::ECDSA_P384;
    const SCHEME: SignatureScheme = SignatureScheme::ECDSA_NISTP384_SHA384;
    const HASH: Digest = Digest::Sha384;
}

impl Named<18> for P521 {
    const ALGORITHM: AlgorithmIdentifier = alg_id::ECDSA_P521;
    const SCHEME: SignatureScheme = SignatureScheme::ECDSA_NISTP521_SHA512;
    const HASH: Digest = Digest::Sha512;
}

/// The verification of signatures with keys of a curve and a hash, which may be any.
pub(super) struct Verification<C, const N: usize> {
    hash: Digest,
    signature: AlgorithmIdentifier,
    curve: PhantomData<C>,
}

impl<C: Named<N>, const N: usize> Verification<C, N> {
    const fn new(hash: Digest, signature: AlgorithmIdentifier) -> Self {
        Self { hash, signature, curve: PhantomData }
    }
}

impl<C: Named<N>, const N: usize> SignatureVerificationAlgorithm for Verification<C, N> {
    fn verify_signature(&self, key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        let key = C::read_public_key(key).ok_or(InvalidSignature)?;
        match C::verify(&key, &digest(self.hash, message), signature) {
            true => Ok(()),
            false => Err(InvalidSignature),
        }
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        C::ALGORITHM
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.signature
    }
}

impl<C: Named<N>, const N: usize> fmt::Debug for Verification<C, N> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Verification").field("hash", &self.hash).finish_non_exhaustive()
    }
}

/// Whether the bits of a key, of which this is the algorithm (the contents of its AlgorithmIdentifier), are a point of its curve; a curve
/// that is not known here may have any.
pub(crate) fn may_be_point(algorithm: &[u8], bits: &[u8]) -> bool {
    let is_of = |known: AlgorithmIdentifier| known.as_ref() == algorithm;
    match () {
        () if is_of(P256::ALGORITHM) => P256::read_public_key(bits).is_some(),
        () if is_of(P384::ALGORITHM) => P384::read_public_key(bits).is_some(),
        () if is_of(P521::ALGORITHM) => P521::read_public_key(bits).is_some(),
        () => true,
    }
}

/// The public key, uncompressed, of a private key of a known curve: by the contents of its AlgorithmIdentifier, and its number, as long as
/// the order.
pub(crate) fn public_key(algorithm: &[u8], number: &[u8]) -> Option<Vec<u8>> {
    fn of<C: Named<N>, const N: usize>(algorithm: &[u8], number: &[u8]) -> Option<Vec<u8>> {
        let is_of_curve = algorithm == C::ALGORITHM.as_ref();
        is_of_curve.then(|| C::read_private_key(number))?.map(|key| C::write_public_key(&C::public_key(&key)))
    }
    of::<P256, 11>(algorithm, number)
        .or_else(|| of::<P384, 14>(algorithm, number))
        .or_else(|| of::<P521, 18>(algorithm, number))
}

/// Read a key that signs, of any of the curves: PKCS#8 (RFC 5958) or SEC 1 (RFC 5915).
pub(super) fn signing_key(der: &PrivateKeyDer<'_>) -> Option<Box<dyn SigningKey>> {
    let fields = match der {
        PrivateKeyDer::Pkcs8(key) => EcPrivateKey::from_pkcs8(key.secret_pkcs8_der()),
        PrivateKeyDer::Sec1(key) => EcPrivateKey::from_sec1(key.secret_sec1_der(), None),
        _ => return None,
    };
    let fields = fields.ok()?;
    let p256 = || Some(Box::new(EcdsaKey::<P256, 11>::new(&fields)?) as Box<dyn SigningKey>);
    let p384 = || Some(Box::new(EcdsaKey::<P384, 14>::new(&fields)?) as Box<dyn SigningKey>);
    let p521 = || Some(Box::new(EcdsaKey::<P521, 18>::new(&fields)?) as Box<dyn SigningKey>);
    p256().or_else(p384).or_else(p521)
}

/// What a private key consists of.
struct EcPrivateKey<'a> {
    /// The contents of an AlgorithmIdentifier.
    algorithm: Vec<u8>,
    number: &'a [u8],
    /// A point.
    public: Option<&'a [u8]>,
}

impl<'a> EcPrivateKey<'a> {
    fn from_pkcs8(der: &'a [u8]) -> Result<Self, Malformed> {
        let fields = Element::first(der)?.children(Tag::SEQUENCE)?;
        let [_version, algorithm, key, ..] = &fields[..] else {
            return Err(Malformed);
        };
        let curve = algorithm.contents(Tag::SEQUENCE)?.strip_prefix(EC_PUBLIC_KEY).ok_or(Malformed)?;
        Self::from_sec1(key.contents(Tag::OCTET_STRING)?, Some(curve))
    }

    /// `curve` is what is around the key says of it.
    fn from_sec1(der: &'a [u8], curve: Option<&'a [u8]>) -> Result<Self, Malformed> {
        let fields = Element::first(der)?.children(Tag::SEQUENCE)?;
        let [version, number, optional @ ..] = &fields[..] else {
            return Err(Malformed);
        };
        let own_curve = optional.iter().find(|field| field.tag == Tag::context(0)).map(|field| field.value);
        let curve = own_curve.or(curve).filter(|own| curve.is_none_or(|curve| curve == *own)).ok_or(Malformed)?;
        let public = optional.iter().find(|field| field.tag == Tag::context(1));
        let public = public.map(|field| Element::first(field.value)?.bit_string()).transpose()?;
        match version.contents(Tag::INTEGER)? {
            [1] => Ok(Self {
                algorithm: [EC_PUBLIC_KEY, curve].concat(),
                number: number.contents(Tag::OCTET_STRING)?,
                public,
            }),
            _ => Err(Malformed),
        }
    }
}

/// A key that signs. The private one wipes itself.
struct EcdsaKey<C: Curve<N>, const N: usize> {
    private: Arc<PrivateKey<C, N>>,
    public: PublicKey<C, N>,
}

impl<C: Named<N>, const N: usize> EcdsaKey<C, N> {
    /// Nothing comes of a key of another curve, or one that has another's public key with it.
    fn new(fields: &EcPrivateKey<'_>) -> Option<Self> {
        (*C::ALGORITHM == *fields.algorithm).then_some(())?;
        let private = C::read_private_key(fields.number)?;
        let public = C::public_key(&private);
        let is_same = |point| {
            C::read_public_key(point).is_some_and(|point| C::write_public_key(&point) == C::write_public_key(&public))
        };
        fields.public.is_none_or(is_same).then(|| Self { private: Arc::new(private), public })
    }
}

impl<C: Named<N>, const N: usize> SigningKey for EcdsaKey<C, N> {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        offered.contains(&C::SCHEME).then(|| Box::new(EcdsaSigner(self.private.clone())) as Box<dyn Signer>)
    }

    fn public_key(&self) -> Option<SubjectPublicKeyInfoDer<'_>> {
        Some(public_key_to_spki(&C::ALGORITHM, C::write_public_key(&self.public)))
    }
}

impl<C: Named<N>, const N: usize> fmt::Debug for EcdsaKey<C, N> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("EcdsaKey").field("scheme", &C::SCHEME).finish_non_exhaustive()
    }
}

#[derive(Debug)]
struct EcdsaSigner<C: Curve<N>, const N: usize>(Arc<PrivateKey<C, N>>);

impl<C: Named<N>, const N: usize> Signer for EcdsaSigner<C, N> {
    fn sign(self: Box<Self>, message: &[u8]) -> Result<Vec<u8>, Error> {
        let entropy = random::<32>().ok_or(GetRandomFailed)?;
        Ok(C::sign(&self.0, &digest(C::HASH, message), &entropy))
    }

    fn scheme(&self) -> SignatureScheme {
        C::SCHEME
    }
}

/// id-ecPublicKey, 1.2.840.10045.2.1
const EC_PUBLIC_KEY: &[u8] = &[0x06, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];

#[cfg(test)]
mod tests {
    use rustls_pki_types::{PrivatePkcs8KeyDer, PrivateSec1KeyDer};

    use super::*;

    const ALL: [(AlgorithmIdentifier, usize, SignatureScheme); 3] = [
        (alg_id::ECDSA_P256, 32, SignatureScheme::ECDSA_NISTP256_SHA256),
        (alg_id::ECDSA_P384, 48, SignatureScheme::ECDSA_NISTP384_SHA384),
        (alg_id::ECDSA_P521, 66, SignatureScheme::ECDSA_NISTP521_SHA512),
    ];

    fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
        let contents = parts.concat();
        match contents.len() {
            length @ ..0x80 => [&[tag, length as u8], &contents[..]].concat(),
            length => [&[tag, 0x81, length as u8], &contents[..]].concat(),
        }
    }

    /// An `ECPrivateKey`.
    fn sec1(number: &[u8], curve: &[u8], public: Option<&[u8]>) -> Vec<u8> {
        let public = public.map(|public| element(0xa1, &[&element(3, &[&[0], public])])).unwrap_or_default();
        let curve = if curve.is_empty() { Vec::new() } else { element(0xa0, &[curve]) };
        element(0x30, &[&[2, 1, 1], &element(4, &[number]), &curve, &public])
    }

    fn pkcs8(algorithm: &[u8], key: &[u8]) -> PrivateKeyDer<'static> {
        let key = element(0x30, &[&[2, 1, 0], &element(0x30, &[algorithm]), &element(4, &[key])]);
        PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key))
    }

    #[test]
    fn keys_of_every_form_sign() {
        for (algorithm, length, scheme) in ALL {
            let number = [&[0][..], &vec![7; length - 1]].concat();
            let public = public_key(&algorithm, &number).unwrap();
            let curve = algorithm.strip_prefix(EC_PUBLIC_KEY).unwrap();
            for der in [
                pkcs8(&algorithm, &sec1(&number, &[], None)),
                pkcs8(&algorithm, &sec1(&number, curve, Some(&public))),
                PrivateKeyDer::Sec1(PrivateSec1KeyDer::from(sec1(&number, curve, None))),
                PrivateKeyDer::Sec1(PrivateSec1KeyDer::from(sec1(&number, curve, Some(&public)))),
            ] {
                let key = signing_key(&der).unwrap();
                assert_eq!(key.public_key().unwrap(), public_key_to_spki(&algorithm, &public));
                assert!(key.choose_scheme(&[SignatureScheme::ED25519]).is_none());
                let signer = key.choose_scheme(&[SignatureScheme::ED25519, scheme]).unwrap();
                assert_eq!(signer.scheme(), scheme);
                let signature = signer.sign(b"message").unwrap();
                let verification = super::super::verification::SCHEMES.iter().find(|(known, _)| *known == scheme);
                let verification = verification.unwrap().1[0];
                assert_eq!(verification.public_key_alg_id(), algorithm);
                assert!(verification.verify_signature(&public, b"message", &signature).is_ok());
                assert!(verification.verify_signature(&public, b"massage", &signature).is_err());
                assert!(verification.verify_signature(&public[1..], b"message", &signature).is_err());
                assert!(verification.verify_signature(&public, b"message", &signature[1..]).is_err());
            }
        }
    }

    #[test]
    fn keys_that_do_not_fit_are_refused() {
        for (index, (algorithm, length, _)) in ALL.into_iter().enumerate() {
            let number = [&[0][..], &vec![7; length - 1]].concat();
            let curve = algorithm.strip_prefix(EC_PUBLIC_KEY).unwrap();
            let other_number = [&[0][..], &vec![8; length - 1]].concat();
            let other_public = public_key(&algorithm, &other_number).unwrap();
            let (other_algorithm, ..) = ALL[(index + 1) % 3];
            let other_curve = other_algorithm.strip_prefix(EC_PUBLIC_KEY).unwrap();
            for der in [
                pkcs8(&algorithm, &sec1(&number, &[], Some(&other_public))),
                pkcs8(&algorithm, &sec1(&number, &[], Some(&[4]))),
                pkcs8(&algorithm, &sec1(&number, other_curve, None)),
                pkcs8(&other_algorithm, &sec1(&number, &[], None)),
                pkcs8(&algorithm, &sec1(&number[1..], &[], None)),
                pkcs8(&algorithm, &sec1(&vec![0; length], &[], None)),
                pkcs8(&algorithm, &sec1(&vec![0xff; length], &[], None)),
                pkcs8(EC_PUBLIC_KEY, &sec1(&number, &[], None)),
                PrivateKeyDer::Sec1(PrivateSec1KeyDer::from(sec1(&number, &[], None))),
            ] {
                assert!(signing_key(&der).is_none());
            }
            let der = pkcs8(&algorithm, &sec1(&number, curve, None));
            for end in 0..der.secret_der().len() {
                let cut = der.secret_der()[..end].to_vec();
                assert!(signing_key(&PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(cut))).is_none());
            }
        }
    }

    #[test]
    fn points_are_known() {
        for (algorithm, length, _) in ALL {
            let point = public_key(&algorithm, &[&[0][..], &vec![7; length - 1]].concat()).unwrap();
            assert!(may_be_point(&algorithm, &point));
            assert!(!may_be_point(&algorithm, &point[1..]));
            assert!(may_be_point(&algorithm, &[&[2 + (point[2 * length] & 1)], &point[1..=length]].concat()));
        }
        assert!(may_be_point(b"another", b"anything"));
    }
}
