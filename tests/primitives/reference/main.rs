//! Checks claims of operations with keys (../claims.rs) by AWS-LC. From the input come their length in octets (u32, the least octet first) and
//! claims, again and again; to each the output answers with how many there were, how many do not hold (u32) and which is the first of these.

#[path = "../claims.rs"]
mod claims;

use std::io::{self, Read, Write};

use aws_lc_rs::agreement::{self, UnparsedPublicKey as Point};
use aws_lc_rs::signature::{self as signatures, EcdsaVerificationAlgorithm, RsaParameters, UnparsedPublicKey};

use claims::{Kind, RSA, RSA_SHORT, outcome};

fn main() -> io::Result<()> {
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    let mut length = [0; 4];
    while input.read_exact(&mut length).is_ok() {
        let mut octets = vec![0; u32::from_le_bytes(length) as usize];
        input.read_exact(&mut octets)?;
        let (mut count, mut wrong, mut first) = (0_u32, 0_u32, 0_u32);
        let mut rest = &octets[..];
        while !rest.is_empty() {
            if !field(&mut rest).and_then(holds).unwrap_or(false) {
                first = if wrong == 0 { count } else { first };
                wrong += 1;
            }
            count += 1;
        }
        for number in [count, wrong, first] {
            output.write_all(&number.to_le_bytes())?;
        }
        output.flush()?;
    }
    Ok(())
}

/// The next octets that have their length before them; what is left of a malformed claim is none.
fn field<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let field = rest.split_first_chunk().and_then(|(length, after)| {
        let (field, after) = after.split_at_checked(usize::from(u16::from_le_bytes(*length)))?;
        *rest = after;
        Some(field)
    });
    if field.is_none() {
        *rest = &[];
    }
    field
}

/// Whether a claim holds; none if it is malformed.
fn holds(claim: &[u8]) -> Option<bool> {
    let (kind, mut rest) = claim.split_first()?;
    let algorithm = usize::from(*field(&mut rest)?.first()?);
    let mut next = || field(&mut rest);
    match *kind {
        kind if kind == Kind::PublicKey as u8 => Some(outcome(public_key(algorithm, next()?).as_deref()) == next()?),
        kind if kind == Kind::Agreement as u8 => {
            Some(outcome(agree(algorithm, next()?, next()?).as_deref()) == next()?)
        }
        kind if kind == Kind::Signature as u8 => {
            let key = UnparsedPublicKey::new(*ECDSA.get(algorithm)?, next()?);
            Some([u8::from(key.verify(next()?, next()?).is_ok())] == next()?)
        }
        kind if kind == Kind::RsaSignature as u8 => {
            let key = UnparsedPublicKey::new(rsa(algorithm)?, next()?);
            Some([u8::from(key.verify(next()?, next()?).is_ok())] == next()?)
        }
        _ => None,
    }
}

static AGREEMENTS: [&agreement::Algorithm; 4] =
    [&agreement::ECDH_P256, &agreement::ECDH_P384, &agreement::ECDH_P521, &agreement::X25519];

static ECDSA: [&EcdsaVerificationAlgorithm; 3] =
    [&signatures::ECDSA_P256_SHA256_FIXED, &signatures::ECDSA_P384_SHA384_FIXED, &signatures::ECDSA_P521_SHA512_FIXED];

fn rsa(algorithm: usize) -> Option<&'static RsaParameters> {
    let is_short = algorithm < RSA_SHORT;
    Some(match (is_short, RSA.get(algorithm)?) {
        (true, (32, false)) => &signatures::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
        (true, (64, false)) => &signatures::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
        (false, (48, false)) => &signatures::RSA_PKCS1_2048_8192_SHA384,
        (false, (32, true)) => &signatures::RSA_PSS_2048_8192_SHA256,
        (false, (48, true)) => &signatures::RSA_PSS_2048_8192_SHA384,
        (false, (64, true)) => &signatures::RSA_PSS_2048_8192_SHA512,
        _ => return None,
    })
}

fn private_key(algorithm: usize, private: &[u8]) -> Option<agreement::PrivateKey> {
    agreement::PrivateKey::from_private_key(AGREEMENTS.get(algorithm)?, private).ok()
}

fn public_key(algorithm: usize, private: &[u8]) -> Option<Vec<u8>> {
    let public = private_key(algorithm, private)?.compute_public_key().ok()?;
    Some(public.as_ref().to_vec())
}

fn agree(algorithm: usize, private: &[u8], public: &[u8]) -> Option<Vec<u8>> {
    let key = private_key(algorithm, private)?;
    let point = Point::new(key.algorithm(), public);
    agreement::agree(&key, point, (), |secret| Ok(secret.to_vec())).ok()
}
