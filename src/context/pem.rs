//! Certificates and keys as users give them: PEM, with any number of sections and text around them, or DER.

use rustls_pki_types::PrivateKeyDer;

use crate::certificate;
use rustls_pki_types::pem::{self, PemObject, SectionKind};

/// The first byte of DER: a SEQUENCE. No PEM begins with it as a section begins with a dash, after text at the most.
const DER_SEQUENCE: u8 = 0x30;

/// Why there is nothing to be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PemError {
    /// No section of the kind begins.
    NoStartLine,
    /// A section begins, but does not end, or is not base64.
    Bad,
    /// The key is encrypted.
    Encrypted,
}

/// The DER of every certificate up to the end, or up to a section that is no PEM.
pub fn certificates(bytes: &[u8]) -> Vec<Vec<u8>> {
    if is_der(bytes) {
        return vec![bytes.to_vec()];
    }
    // OpenSSL's other labels for the same thing.
    let text = String::from_utf8_lossy(bytes);
    let text = text.replace(" X509 CERTIFICATE-", " CERTIFICATE-").replace(" TRUSTED CERTIFICATE-", " CERTIFICATE-");
    pem::SliceIter::<(SectionKind, Vec<u8>)>::new(text.trim_start_matches('\u{feff}').as_bytes())
        .map_while(Result::ok)
        .filter(|(kind, _)| *kind == SectionKind::Certificate)
        // What "TRUSTED" adds comes after the certificate.
        .map(|(_, der)| certificate::first_element(&der).map_or(der.clone(), <[u8]>::to_vec))
        .collect()
}

/// The first private key.
pub fn private_key(bytes: &[u8]) -> Result<PrivateKeyDer<'static>, PemError> {
    if is_der(bytes) {
        return PrivateKeyDer::try_from(bytes.to_vec()).map_err(|_| PemError::Bad);
    }
    let text = String::from_utf8_lossy(bytes);
    if text.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----") || text.contains("Proc-Type: 4,ENCRYPTED") {
        return Err(PemError::Encrypted);
    }
    PrivateKeyDer::from_pem_slice(bytes).map_err(|error| match error {
        pem::Error::NoItemsFound => PemError::NoStartLine,
        _ => PemError::Bad,
    })
}

fn is_der(bytes: &[u8]) -> bool {
    // A header line, as openssl prints before PEM, may begin with the digit that is the SEQUENCE's tag.
    bytes.first() == Some(&DER_SEQUENCE)
        && bytes.get(1).is_some_and(|length| *length >= 0x80 || usize::from(*length) + 2 == bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_certificates_among_other_text() {
        let one = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
        let trusted = one.replace("CERTIFICATE", "TRUSTED CERTIFICATE");
        let key = one.replace("CERTIFICATE", "PRIVATE KEY");
        let text = format!("subject=/CN=x\n{one}{key}\r\n{one}junk\n{trusted}");
        assert_eq!(certificates(text.as_bytes()), vec![vec![0x30, 0]; 3]);
        assert_eq!(certificates(b"no pem at all"), Vec::<Vec<u8>>::new());
        assert_eq!(certificates(&[0x30, 0x00]), vec![vec![0x30, 0]]);
        assert_eq!(
            certificates(format!("\u{feff}{one}-----BEGIN CERTIFICATE-----\nMAA=").as_bytes()),
            vec![vec![0x30, 0]]
        );
        let with_more = one.replace("MAA=", "MAAFAA==").replace("CERTIFICATE", "TRUSTED CERTIFICATE");
        assert_eq!(certificates(with_more.as_bytes()), vec![vec![0x30, 0]]);
    }

    #[test]
    fn keys_are_found_or_refused_by_reason() {
        assert_eq!(private_key(b"").unwrap_err(), PemError::NoStartLine);
        let encrypted = b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n";
        assert_eq!(private_key(encrypted).unwrap_err(), PemError::Encrypted);
        assert_eq!(private_key(&[0x30, 0x00]).unwrap_err(), PemError::Bad);
    }
}
