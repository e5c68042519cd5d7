//! P-256, P-384 and P-521 of our own.

use isomorphic_tls_kernels::hash::Sha2;
use isomorphic_tls_kernels::nist::p256::P256;
use isomorphic_tls_kernels::nist::p384::P384;
use isomorphic_tls_kernels::nist::p521::P521;
use isomorphic_tls_kernels::nist::{Curve, PrivateKey};

use crate::secret::{Digest, public, secret};

/// A private key at random, below any order of that length, and not zero.
fn number<const BYTES: usize>(mut bytes: [u8; BYTES]) -> [u8; BYTES] {
    bytes[0] = 0;
    bytes[1] &= 0x7f;
    bytes[BYTES - 1] |= 1;
    bytes
}

fn public_key<C: Curve<N>, const N: usize, const BYTES: usize>() -> u32 {
    let Some(key) = PrivateKey::<C, N>::from_bytes(&number::<BYTES>(secret())) else { return 0 };
    let mut digest = Digest::default();
    digest.add(&key.public_key().to_sec1());
    digest.finish()
}

fn agree<C: Curve<N>, const N: usize, const BYTES: usize>() -> u32 {
    let Some(peer) = PrivateKey::<C, N>::from_bytes(&number::<BYTES>(public())) else { return 0 };
    let Some(key) = PrivateKey::<C, N>::from_bytes(&number::<BYTES>(secret())) else { return 0 };
    let mut digest = Digest::default();
    digest.add(&key.agree(&peer.public_key()));
    digest.finish()
}

/// Signs a public hash.
fn sign<C: Curve<N>, const N: usize, const BYTES: usize>(
    sign: impl Fn(&PrivateKey<C, N>, &[u8], &[u8]) -> Vec<u8>,
) -> u32 {
    let Some(key) = PrivateKey::<C, N>::from_bytes(&number::<BYTES>(secret())) else { return 0 };
    let mut digest = Digest::default();
    digest.add(&sign(&key, &public::<48>(), &secret::<32>()));
    digest.finish()
}

#[unsafe(no_mangle)]
pub extern "C" fn ct_p256_public_key() -> u32 {
    public_key::<P256, _, 32>()
}

#[unsafe(no_mangle)]
pub extern "C" fn ct_p256_agree() -> u32 {
    agree::<P256, _, 32>()
}

#[unsafe(no_mangle)]
pub extern "C" fn ct_p256_sign() -> u32 {
    sign::<P256, _, 32>(|key, hash, entropy| key.sign_prehash(Sha2::Sha256, &hash[..32], entropy).to_bytes())
}

#[unsafe(no_mangle)]
pub extern "C" fn ct_p384_public_key() -> u32 {
    public_key::<P384, _, 48>()
}

#[unsafe(no_mangle)]
pub extern "C" fn ct_p384_agree() -> u32 {
    agree::<P384, _, 48>()
}

#[unsafe(no_mangle)]
pub extern "C" fn ct_p384_sign() -> u32 {
    sign::<P384, _, 48>(|key, hash, entropy| key.sign_prehash(Sha2::Sha384, hash, entropy).to_bytes())
}

#[unsafe(no_mangle)]
pub extern "C" fn ct_p521_public_key() -> u32 {
    public_key::<P521, _, 66>()
}

#[unsafe(no_mangle)]
pub extern "C" fn ct_p521_agree() -> u32 {
    agree::<P521, _, 66>()
}

#[unsafe(no_mangle)]
pub extern "C" fn ct_p521_sign() -> u32 {
    sign::<P521, _, 66>(|key, hash, entropy| key.sign_prehash(Sha2::Sha512, hash, entropy).to_bytes())
}
