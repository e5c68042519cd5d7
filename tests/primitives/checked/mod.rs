//! What is checked to run in constant time: exports `ct_...` (secret.rs). Each kind of primitive has a file.

mod aead;
mod elliptic;
mod hashes;
mod ml_kem;
mod nist;
mod rsa;

/// Sizes of messages that take every way through code that works by blocks.
const SIZES: [usize; 10] = [0, 1, 15, 16, 17, 64, 255, 256, 257, 1000];
