//! SHA-2 of secrets, as for key schedules and HMAC.

use sha2::{Digest as _, Sha256, Sha384};

use super::SIZES;
use crate::secret::{Digest, secret_vector};

fn hashes<H: sha2::Digest>() -> u32 {
    let mut digest = Digest::default();
    for size in SIZES {
        digest.add(&H::digest(secret_vector(size)));
    }
    digest.finish()
}

#[unsafe(no_mangle)]
pub extern "C" fn ct_sha256() -> u32 {
    hashes::<Sha256>()
}

#[unsafe(no_mangle)]
pub extern "C" fn ct_sha384() -> u32 {
    hashes::<Sha384>()
}

/// A message that comes in parts.
#[unsafe(no_mangle)]
pub extern "C" fn ct_sha256_parts() -> u32 {
    let mut hash = Sha256::new();
    for size in SIZES {
        hash.update(secret_vector(size));
    }
    let mut digest = Digest::default();
    digest.add(&hash.finalize());
    digest.finish()
}
