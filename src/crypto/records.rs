//! Protection of records by our own AEADs: TLS 1.3 (RFC 8446, 5.2), and AES-GCM (RFC 5288) and ChaCha20-Poly1305 (RFC 7905) in
//! TLS 1.2. A record is sealed and opened where it is: nothing is allocated.

use isomorphic_tls_kernels::aead::{Aead, NONCE_LENGTH, TAG_LENGTH};
use isomorphic_tls_kernels::aes_gcm::AesGcm;
use isomorphic_tls_kernels::chacha20_poly1305::ChaCha20Poly1305;
use rustls::ConnectionTrafficSecrets;
use rustls::crypto::CipherSuite;
use rustls::crypto::cipher::{
    AeadKey, EncryptBuffer, InboundOpaque, Iv, KeyBlockShape, OutboundPlain, Record, RecordDecrypter, RecordEncrypter,
    Tls12AeadAlgorithm, Tls13AeadAlgorithm, UnsupportedOperationError, make_tls12_aad, make_tls13_aad,
};
use rustls::enums::ContentType;
use rustls::error::Error;

/// What a record of TLS 1.2 may hold (RFC 5246, 6.2.1). rustls looks at those of TLS 1.3 itself.
const LONGEST_PLAIN: usize = 1 << 14;

/// The part of a nonce that a record of AES-GCM in TLS 1.2 begins with, in bytes (RFC 5288, 3).
const EXPLICIT: usize = 8;

/// The part that it does not.
const SALT: usize = NONCE_LENGTH - EXPLICIT;

type Nonce = [u8; NONCE_LENGTH];

/// An AEAD of TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Protection {
    Aes128Gcm,
    Aes256Gcm,
    ChaCha20Poly1305,
}

impl Protection {
    /// What the records of a suite are protected with; `None` for suites that are not ours.
    pub(super) fn of(suite: CipherSuite) -> Option<&'static Self> {
        Some(match suite {
            CipherSuite::TLS13_AES_128_GCM_SHA256
            | CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
            | CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 => &Self::Aes128Gcm,
            CipherSuite::TLS13_AES_256_GCM_SHA384
            | CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
            | CipherSuite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 => &Self::Aes256Gcm,
            CipherSuite::TLS13_CHACHA20_POLY1305_SHA256
            | CipherSuite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
            | CipherSuite::TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256 => &Self::ChaCha20Poly1305,
            _ => return None,
        })
    }

    fn key_length(self) -> usize {
        match self {
            Self::Aes128Gcm => 16,
            Self::Aes256Gcm | Self::ChaCha20Poly1305 => 32,
        }
    }

    fn secrets(self, key: AeadKey, iv: Iv) -> ConnectionTrafficSecrets {
        match self {
            Self::Aes128Gcm => ConnectionTrafficSecrets::Aes128Gcm { key, iv },
            Self::Aes256Gcm => ConnectionTrafficSecrets::Aes256Gcm { key, iv },
            Self::ChaCha20Poly1305 => ConnectionTrafficSecrets::Chacha20Poly1305 { key, iv },
        }
    }

    /// The initialisation vector in TLS 1.2; AES-GCM's explicit nonces begin where the key block says.
    fn tls12_iv(self, fixed: &[u8], explicit: &[u8]) -> Option<Nonce> {
        match self {
            Self::ChaCha20Poly1305 => fixed.try_into().ok(),
            Self::Aes128Gcm | Self::Aes256Gcm => {
                let mut iv = [0; NONCE_LENGTH];
                let (salt, start) = iv.split_at_mut_checked(SALT)?;
                salt.copy_from_slice(fixed.get(..SALT)?);
                start.copy_from_slice(explicit.get(..EXPLICIT)?);
                Some(iv)
            }
        }
    }
}

impl Tls13AeadAlgorithm for Protection {
    fn encrypter(&self, key: AeadKey, iv: Iv) -> Box<dyn RecordEncrypter> {
        let iv = iv.as_ref().try_into().ok();
        match self {
            Self::ChaCha20Poly1305 => Box::new(Tls13(Keys::new(chacha20_poly1305(&key), iv))),
            Self::Aes128Gcm | Self::Aes256Gcm => Box::new(Tls13(Keys::new(AesGcm::new(key.as_ref()), iv))),
        }
    }

    fn decrypter(&self, key: AeadKey, iv: Iv) -> Box<dyn RecordDecrypter> {
        let iv = iv.as_ref().try_into().ok();
        match self {
            Self::ChaCha20Poly1305 => Box::new(Tls13(Keys::new(chacha20_poly1305(&key), iv))),
            Self::Aes128Gcm | Self::Aes256Gcm => Box::new(Tls13(Keys::new(AesGcm::new(key.as_ref()), iv))),
        }
    }

    fn key_len(&self) -> usize {
        self.key_length()
    }

    fn extract_keys(&self, key: AeadKey, iv: Iv) -> Result<ConnectionTrafficSecrets, UnsupportedOperationError> {
        Ok(self.secrets(key, iv))
    }
}

impl Tls12AeadAlgorithm for Protection {
    fn encrypter(&self, key: AeadKey, iv: &[u8], extra: &[u8]) -> Box<dyn RecordEncrypter> {
        let iv = self.tls12_iv(iv, extra);
        match self {
            Self::ChaCha20Poly1305 => Box::new(Tls12::<_, 0>(Keys::new(chacha20_poly1305(&key), iv))),
            Self::Aes128Gcm | Self::Aes256Gcm => {
                Box::new(Tls12::<_, EXPLICIT>(Keys::new(AesGcm::new(key.as_ref()), iv)))
            }
        }
    }

    fn decrypter(&self, key: AeadKey, iv: &[u8]) -> Box<dyn RecordDecrypter> {
        // The explicit part is the peer's to choose.
        let iv = self.tls12_iv(iv, &[0; EXPLICIT]);
        match self {
            Self::ChaCha20Poly1305 => Box::new(Tls12::<_, 0>(Keys::new(chacha20_poly1305(&key), iv))),
            Self::Aes128Gcm | Self::Aes256Gcm => {
                Box::new(Tls12::<_, EXPLICIT>(Keys::new(AesGcm::new(key.as_ref()), iv)))
            }
        }
    }

    fn key_block_shape(&self) -> KeyBlockShape {
        let (fixed_iv_len, explicit_nonce_len) = match self {
            Self::ChaCha20Poly1305 => (NONCE_LENGTH, 0),
            Self::Aes128Gcm | Self::Aes256Gcm => (SALT, EXPLICIT),
        };
        KeyBlockShape { enc_key_len: self.key_length(), fixed_iv_len, explicit_nonce_len }
    }

    fn extract_keys(
        &self,
        key: AeadKey,
        iv: &[u8],
        explicit: &[u8],
    ) -> Result<ConnectionTrafficSecrets, UnsupportedOperationError> {
        let iv = self.tls12_iv(iv, explicit).ok_or(UnsupportedOperationError)?;
        Ok(self.secrets(key, iv.into()))
    }
}

fn chacha20_poly1305(key: &AeadKey) -> Option<ChaCha20Poly1305> {
    Some(ChaCha20Poly1305::new(key.as_ref().try_into().ok()?))
}

/// A key, and what nonces are made of. `None` if they had other lengths than we said: rustls sees to it that they have not.
struct Keys<A>(Option<(A, Nonce)>);

impl<A: Aead> Keys<A> {
    fn new(key: Option<A>, iv: Option<Nonce>) -> Self {
        Self(key.zip(iv))
    }

    fn get(&self, otherwise: Error) -> Result<(&A, &Nonce), Error> {
        self.0.as_ref().map(|(key, iv)| (key, iv)).ok_or(otherwise)
    }
}

/// RFC 8446, 5.3.
fn nonce(iv: &Nonce, sequence: u64) -> Nonce {
    let mut nonce = *iv;
    for (byte, other) in nonce[NONCE_LENGTH - 8..].iter_mut().zip(sequence.to_be_bytes()) {
        *byte ^= other;
    }
    nonce
}

/// A key of TLS 1.3.
struct Tls13<A>(Keys<A>);

impl<A: Aead + Send + Sync> RecordEncrypter for Tls13<A> {
    fn encrypt<'a>(
        &mut self,
        record: Record<OutboundPlain<'_>>,
        sequence: u64,
        out: &'a mut [u8],
    ) -> Result<Record<&'a [u8]>, Error> {
        let (key, iv) = self.0.get(Error::EncryptError)?;
        let length = self.encrypted_payload_len(record.payload.len());
        let mut payload = EncryptBuffer::new(out, length)?;
        payload.extend_from_chunks(&record.payload);
        payload.extend_from_slice(&record.typ.to_array());
        let typ = ContentType::ApplicationData;
        let associated = make_tls13_aad(typ, record.version.encode(), length);
        let tag = key.seal(&nonce(iv, sequence), &associated, payload.as_mut());
        payload.extend_from_slice(&tag);
        Ok(Record { typ, version: record.version, payload: payload.into_written() })
    }

    fn encrypted_payload_len(&self, length: usize) -> usize {
        // With the true type.
        length + 1 + TAG_LENGTH
    }
}

impl<A: Aead + Send + Sync> RecordDecrypter for Tls13<A> {
    fn decrypt<'a>(&mut self, mut record: Record<InboundOpaque<'a>>, sequence: u64) -> Result<Record<&'a [u8]>, Error> {
        let (key, iv) = self.0.get(Error::DecryptError)?;
        let associated = make_tls13_aad(record.typ, record.version.version(), record.payload.len());
        let (bytes, tag) = record.payload.split_last_chunk_mut().ok_or(Error::DecryptError)?;
        if !key.open(&nonce(iv, sequence), &associated, bytes, tag) {
            return Err(Error::DecryptError);
        }
        let length = bytes.len();
        record.payload.truncate(length);
        record.into_tls13_unpadded_record()
    }
}

/// A key of TLS 1.2, whose records begin with so many bytes of the nonce.
struct Tls12<A, const EXPLICIT_LENGTH: usize>(Keys<A>);

impl<A: Aead + Send + Sync, const EXPLICIT_LENGTH: usize> RecordEncrypter for Tls12<A, EXPLICIT_LENGTH> {
    fn encrypt<'a>(
        &mut self,
        record: Record<OutboundPlain<'_>>,
        sequence: u64,
        out: &'a mut [u8],
    ) -> Result<Record<&'a [u8]>, Error> {
        let (key, iv) = self.0.get(Error::EncryptError)?;
        let plain = record.payload.len();
        let mut payload = EncryptBuffer::new(out, self.encrypted_payload_len(plain))?;
        let nonce = nonce(iv, sequence);
        payload.extend_from_slice(&nonce[NONCE_LENGTH - EXPLICIT_LENGTH..]);
        payload.extend_from_chunks(&record.payload);
        let associated = make_tls12_aad(sequence, record.typ, record.version.encode(), plain);
        let tag = key.seal(&nonce, &associated, &mut payload.as_mut()[EXPLICIT_LENGTH..]);
        payload.extend_from_slice(&tag);
        Ok(Record { typ: record.typ, version: record.version, payload: payload.into_written() })
    }

    fn encrypted_payload_len(&self, length: usize) -> usize {
        EXPLICIT_LENGTH + length + TAG_LENGTH
    }
}

impl<A: Aead + Send + Sync, const EXPLICIT_LENGTH: usize> RecordDecrypter for Tls12<A, EXPLICIT_LENGTH> {
    fn decrypt<'a>(&mut self, mut record: Record<InboundOpaque<'a>>, sequence: u64) -> Result<Record<&'a [u8]>, Error> {
        let (key, iv) = self.0.get(Error::DecryptError)?;
        let (typ, version) = (record.typ, record.version.version());
        let (explicit, sealed) = record.payload.split_at_mut_checked(EXPLICIT_LENGTH).ok_or(Error::DecryptError)?;
        let (bytes, tag) = sealed.split_last_chunk_mut().ok_or(Error::DecryptError)?;
        let mut nonce = nonce(iv, sequence);
        nonce[NONCE_LENGTH - EXPLICIT_LENGTH..].copy_from_slice(explicit);
        if !key.open(&nonce, &make_tls12_aad(sequence, typ, version, bytes.len()), bytes, tag) {
            return Err(Error::DecryptError);
        }
        let length = bytes.len();
        if length > LONGEST_PLAIN {
            return Err(Error::PeerSentOversizedRecord);
        }
        Ok(record.into_plain_record_range(EXPLICIT_LENGTH..EXPLICIT_LENGTH + length))
    }
}
