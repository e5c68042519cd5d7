//! Protection of records by our own AEADs: TLS 1.3 (RFC 8446, 5.2), and AES-GCM (RFC 5288) and ChaCha20-Poly1305 (RFC 7905) in
//! TLS 1.2. A record is sealed and opened where it is: nothing is allocated.

use isomorphic_tls_kernels::aead::{Aead, NONCE_LENGTH, TAG_LENGTH};
use isomorphic_tls_kernels::aes_gcm::AesGcm;
use isomorphic_tls_kernels::chacha20_poly1305::ChaCha20Poly1305;
use rustls::ConnectionTrafficSecrets;
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
    /// How many records one key may protect (RFC 8446, 5.5; draft-irtf-cfrg-aead-limits, 5).
    pub(super) const fn most_records(self) -> u64 {
        match self {
            Self::Aes128Gcm | Self::Aes256Gcm => 1 << 24,
            Self::ChaCha20Poly1305 => u64::MAX,
        }
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

#[cfg(test)]
mod tests {
    use rustls::crypto::cipher::EncodableVersion;
    use rustls::enums::ProtocolVersion;
    use rustls::{Tls12CipherSuite, Tls13CipherSuite};
    use rustls_ring::{ALL_TLS12_CIPHER_SUITES, ALL_TLS13_CIPHER_SUITES};

    use super::*;
    use crate::crypto::{tls12_suites, tls13_suites};

    fn tls13(suite: &Tls13CipherSuite) -> &'static dyn Tls13AeadAlgorithm {
        tls13_suites().iter().find(|ours| ours.common.suite == suite.common.suite).unwrap().aead_alg
    }

    fn tls12(suite: &Tls12CipherSuite) -> &'static dyn Tls12AeadAlgorithm {
        tls12_suites().iter().find(|ours| ours.common.suite == suite.common.suite).unwrap().aead_alg
    }

    /// What the header of a record says.
    const VERSION: EncodableVersion = EncodableVersion::Legacy(ProtocolVersion::TLSv1_2);

    const IV: [u8; 12] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

    /// Lengths of what a record holds.
    const LENGTHS: [usize; 8] = [0, 1, 15, 191, 1000, 4096, 16383, 16384];

    /// What protects the records of one direction, at both ends.
    struct Direction {
        encrypter: Box<dyn RecordEncrypter>,
        decrypter: Box<dyn RecordDecrypter>,
    }

    impl Direction {
        fn sealed(&mut self, sequence: u64, typ: ContentType, plain: &[u8]) -> (ContentType, Vec<u8>) {
            let mut out = vec![0; self.encrypter.encrypted_payload_len(plain.len())];
            // In two chunks, as a write may be.
            let (one, two) = plain.split_at(plain.len() / 3);
            let chunks = [one, two];
            let record = Record::new(typ, VERSION, OutboundPlain::new(&chunks));
            let sealed = self.encrypter.encrypt(record, sequence, &mut out).unwrap();
            (sealed.typ, sealed.payload.to_vec())
        }

        fn opened(&mut self, sequence: u64, typ: ContentType, sealed: &[u8]) -> Result<(ContentType, Vec<u8>), Error> {
            let mut bytes = sealed.to_vec();
            let record = Record::new(typ, VERSION, InboundOpaque(&mut bytes));
            self.decrypter.decrypt(record, sequence).map(|record| (record.typ, record.payload.to_vec()))
        }
    }

    fn key(length: usize) -> AeadKey {
        if length == 16 { AeadKey::from([7; 16]) } else { AeadKey::from([8; 32]) }
    }

    /// One end by us and the other by *ring*, and the other way round, for every suite.
    fn directions() -> Vec<Direction> {
        let mut directions = Vec::new();
        for suite in ALL_TLS13_CIPHER_SUITES {
            let ours = tls13(suite);
            assert_eq!((ours.key_len(), ours.iv_len()), (suite.aead_alg.key_len(), suite.aead_alg.iv_len()));
            let length = ours.key_len();
            for (here, there) in [(ours, suite.aead_alg), (suite.aead_alg, ours)] {
                directions.push(Direction {
                    encrypter: here.encrypter(key(length), IV.into()),
                    decrypter: there.decrypter(key(length), IV.into()),
                });
            }
        }
        for suite in ALL_TLS12_CIPHER_SUITES {
            let ours = tls12(suite);
            let (shape, other) = (ours.key_block_shape(), suite.aead_alg.key_block_shape());
            assert_eq!(
                (shape.enc_key_len, shape.fixed_iv_len, shape.explicit_nonce_len),
                (other.enc_key_len, other.fixed_iv_len, other.explicit_nonce_len)
            );
            let (fixed, explicit) = IV.split_at(shape.fixed_iv_len);
            for (here, there) in [(ours, suite.aead_alg), (suite.aead_alg, ours)] {
                directions.push(Direction {
                    encrypter: here.encrypter(key(shape.enc_key_len), fixed, explicit),
                    decrypter: there.decrypter(key(shape.enc_key_len), fixed),
                });
            }
        }
        directions
    }

    #[test]
    fn rings_records_are_ours() {
        for mut direction in directions() {
            for (sequence, length) in (u64::MAX - 3..=u64::MAX).chain(0..4).zip(LENGTHS) {
                let plain: Vec<u8> = (0..length).map(|place| place as u8).collect();
                let (typ, sealed) = direction.sealed(sequence, ContentType::Alert, &plain);
                let opened = direction.opened(sequence, typ, &sealed);
                assert_eq!(opened, Ok((ContentType::Alert, plain)));
                let other = direction.opened(sequence.wrapping_add(1), typ, &sealed);
                assert_eq!(other, Err(Error::DecryptError));
            }
        }
    }

    #[test]
    fn what_is_changed_or_cut_is_refused() {
        for mut direction in directions() {
            let (typ, sealed) = direction.sealed(5, ContentType::ApplicationData, b"a message");
            for length in 0..sealed.len() {
                assert_eq!(direction.opened(5, typ, &sealed[..length]), Err(Error::DecryptError));
            }
            for bit in 0..8 * sealed.len() {
                let mut changed = sealed.clone();
                changed[bit / 8] ^= 1 << (bit % 8);
                assert_eq!(direction.opened(5, typ, &changed), Err(Error::DecryptError));
            }
            assert_eq!(direction.opened(5, ContentType::Handshake, &sealed), Err(Error::DecryptError));
        }
    }

    #[test]
    fn what_is_too_long_is_refused() {
        for mut direction in directions() {
            let (typ, sealed) = direction.sealed(1, ContentType::ApplicationData, &[1; LONGEST_PLAIN + 1]);
            assert_eq!(direction.opened(1, typ, &sealed), Err(Error::PeerSentOversizedRecord));
        }
    }

    #[test]
    fn records_that_do_not_fit_are_not_written() {
        for mut direction in directions() {
            let mut out = vec![0; direction.encrypter.encrypted_payload_len(10) - 1];
            let record = Record::new(ContentType::Alert, VERSION, OutboundPlain::from(&[1; 10]));
            assert!(direction.encrypter.encrypt(record, 0, &mut out).is_err());
        }
    }

    #[test]
    fn secrets_are_those_that_came_in() {
        let parts = |secrets| match secrets {
            ConnectionTrafficSecrets::Aes128Gcm { key, iv } => (128, key.as_ref().to_vec(), iv.as_ref().to_vec()),
            ConnectionTrafficSecrets::Aes256Gcm { key, iv } => (256, key.as_ref().to_vec(), iv.as_ref().to_vec()),
            ConnectionTrafficSecrets::Chacha20Poly1305 { key, iv } => (0, key.as_ref().to_vec(), iv.as_ref().to_vec()),
            _ => panic!("secrets of another kind"),
        };
        for suite in ALL_TLS13_CIPHER_SUITES {
            let ours = tls13(suite);
            let [one, other] =
                [ours, suite.aead_alg].map(|aead| aead.extract_keys(key(ours.key_len()), IV.into()).unwrap());
            assert_eq!(parts(one), parts(other));
        }
        for suite in ALL_TLS12_CIPHER_SUITES {
            let ours = tls12(suite);
            let shape = ours.key_block_shape();
            let (fixed, explicit) = IV.split_at(shape.fixed_iv_len);
            let [one, other] =
                [ours, suite.aead_alg].map(|aead| aead.extract_keys(key(shape.enc_key_len), fixed, explicit).unwrap());
            assert_eq!(parts(one), parts(other));
            assert!(ours.extract_keys(key(shape.enc_key_len), &fixed[1..], explicit).is_err());
        }
    }
}
