//! Signatures of RSA of our own, with a key of 2048 bits.

use isomorphic_tls_kernels::rsa::{Hash, PrivateKey};

use crate::secret::{Digest, classified, public, secret_vector};

/// An `RSAPrivateKey` (RFC 8017, A.1.2), made for this.
const KEY: &[u8] = include_bytes!("rsa-2048.der");

/// The key, with all secret in it that is behind version, modulus and public exponent.
fn key() -> Vec<u8> {
    let mut der = KEY.to_vec();
    // Behind the sequence's head.
    let mut rest = &mut der[4..];
    for field in 0.. {
        let Some((head, contents)) = rest.split_at_mut_checked(2) else { break };
        let (length, contents) = match head[1] {
            0x81 => (usize::from(contents[0]), &mut contents[1..]),
            0x82 => (usize::from(contents[0]) << 8 | usize::from(contents[1]), &mut contents[2..]),
            length => (usize::from(length), contents),
        };
        let (contents, next) = contents.split_at_mut(length);
        if field > 2 {
            // The first octet, beside that which makes it no negative number, shows how long the number is.
            let first = usize::from(contents[0] == 0);
            classified(&mut contents[first + 1..]);
        }
        rest = next;
    }
    der
}

fn sign(sign: impl Fn(&PrivateKey, &[u8], &dyn Fn(&mut [u8]) -> Option<()>) -> Option<Vec<u8>>) -> u32 {
    let mut digest = Digest::default();
    let Some(key) = PrivateKey::from_pkcs1_der(&key()) else { return 0 };
    let random = |bytes: &mut [u8]| {
        // The salt of RSASSA-PSS can be read from the signature; what blinds can not.
        bytes.copy_from_slice(&if bytes.len() == 32 { public::<32>().to_vec() } else { secret_vector(bytes.len()) });
        Some(())
    };
    digest.add(&sign(&key, &public::<32>(), &random).unwrap_or_default());
    digest.finish()
}

#[unsafe(no_mangle)]
pub extern "C" fn ct_rsa_2048_sign_pkcs1() -> u32 {
    sign(|key, hash, random| key.sign_pkcs1(Hash::Sha256, hash, random).ok())
}

#[unsafe(no_mangle)]
pub extern "C" fn ct_rsa_2048_sign_pss() -> u32 {
    sign(|key, hash, random| key.sign_pss(Hash::Sha256, hash, random).ok())
}
