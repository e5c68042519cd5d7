//! Secrets of the check of constant time (docs/security.md): bytes at random that its interpreter calls secret, and what makes them
//! public again. What is checked is an export named `ct_...` that takes nothing, makes its inputs here, and gives a digest of what
//! came out, which must be that of V8.

#[link(wasm_import_module = "constant-time")]
unsafe extern "C" {
    /// Fill with bytes at random, which are public.
    fn random(place: *mut u8, length: usize);
    /// Call bytes secret.
    fn classify(place: *mut u8, length: usize);
    /// Call bytes public.
    #[link_name = "declassify"]
    fn declassify_bytes(place: *mut u8, length: usize);
}

/// Bytes at random that everybody may know.
pub fn public<const LENGTH: usize>() -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    // SAFETY: they are this function's own.
    unsafe { random(bytes.as_mut_ptr(), LENGTH) };
    bytes
}

/// Bytes at random that nothing may depend on but the values of results.
pub fn secret<const LENGTH: usize>() -> [u8; LENGTH] {
    let mut bytes = public();
    // SAFETY: they are this function's own.
    unsafe { classify(bytes.as_mut_ptr(), LENGTH) };
    bytes
}

/// As `secret`, of a length that everybody may know.
pub fn secret_vector(length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    // SAFETY: they are this function's own.
    unsafe {
        random(bytes.as_mut_ptr(), length);
        classify(bytes.as_mut_ptr(), length);
    }
    bytes
}

/// Call bytes secret that were computed of public ones, as those of a key in a fixed form.
pub fn classified(bytes: &mut [u8]) {
    // SAFETY: the caller lent them.
    unsafe { classify(bytes.as_mut_ptr(), bytes.len()) };
}

/// Call bytes public that were computed of secrets and are published: a ciphertext.
pub fn declassified(bytes: &mut [u8]) {
    // SAFETY: the caller lent them.
    unsafe { declassify_bytes(bytes.as_mut_ptr(), bytes.len()) };
}

/// A digest of all that came out.
#[derive(Default)]
pub struct Digest(u32);

impl Digest {
    /// Take bytes in.
    pub fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u32::from(*byte)).wrapping_mul(0x0100_0193).rotate_left(5);
        }
    }

    /// The digest.
    pub fn finish(self) -> u32 {
        self.0
    }
}
