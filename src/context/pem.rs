//! Certificates and keys as users give them: PEM, with any number of sections and text around them, or DER.

use rustls_pki_types::PrivateKeyDer;
use zeroize::{Zeroize, Zeroizing};

use super::encrypted_key;
use super::password::{DecryptError, Passphrase, Work};
use super::pem_section::Sections;
use super::private_key::{self, Kind};
use crate::certificate::{self, Certificate};

/// The first byte of DER: a SEQUENCE. No PEM begins with it as a section begins with a dash, after text at the most.
const DER_SEQUENCE: u8 = 0x30;

/// OpenSSL's labels for certificates.
const CERTIFICATE_LABELS: [&str; 3] = ["CERTIFICATE", "X509 CERTIFICATE", WITH_SETTINGS];

/// The label of a certificate that settings of trust follow.
const WITH_SETTINGS: &str = "TRUSTED CERTIFICATE";

/// OpenSSL's label for revocation lists.
const REVOCATION_LIST_LABELS: [&str; 1] = ["X509 CRL"];

/// Why there is nothing to be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PemError {
    /// No section of the kind begins.
    NoStartLine,
    /// A section does not end, or ends as another.
    BadEndLine,
    /// A section is not base64.
    BadBase64,
    /// What is in the section can not be read.
    Bad,
    /// The passphrase is not that of the key.
    BadDecrypt,
    /// The key is encrypted, no passphrase was given, and it is not the empty one.
    NeedsPassphrase,
    /// The key, or its encryption, needs what is not supported.
    Unsupported(&'static str),
    /// To decrypt the key would take more than [`MAX_ITERATIONS`](super::MAX_ITERATIONS) or what is allowed for scrypt.
    TooMuchWork,
}

impl From<DecryptError> for PemError {
    fn from(error: DecryptError) -> Self {
        match error {
            DecryptError::Malformed => Self::Bad,
            DecryptError::BadDecrypt => Self::BadDecrypt,
            DecryptError::Unsupported(what) => Self::Unsupported(what),
            DecryptError::TooMuchWork => Self::TooMuchWork,
        }
    }
}

/// The DER of every certificate up to the end, or up to a section that is no PEM; with OpenSSL's settings of trust, if there are any.
pub fn certificates(bytes: &[u8]) -> Vec<Vec<u8>> {
    each(bytes, &CERTIFICATE_LABELS).into_iter().map_while(Result::ok).collect()
}

/// The DER of every certificate; there must be one, and every section must be PEM. DER that is no certificate is no PEM either.
pub fn chain(bytes: &[u8]) -> Result<Vec<Vec<u8>>, PemError> {
    if is_der(bytes) && Certificate::parse(bytes).is_err() {
        return Err(PemError::NoStartLine);
    }
    let chain = at_least_one(each(bytes, &CERTIFICATE_LABELS))?;
    Ok(chain.into_iter().map(first_of).collect())
}

/// The DER of every revocation list; there must be one, and every section must be PEM.
pub fn revocation_lists(bytes: &[u8]) -> Result<Vec<Vec<u8>>, PemError> {
    at_least_one(each(bytes, &REVOCATION_LIST_LABELS))
}

/// The first private key, decrypted where it is encrypted: PKCS#8, PKCS#1 or SEC 1. As in OpenSSL, no passphrase is also an empty one.
///
/// Keys of the curves that TLS knows come as PKCS#8, with their public part, which is computed where it is not there.
pub fn private_key(bytes: &[u8], passphrase: Option<&[u8]>) -> Result<PrivateKeyDer<'static>, PemError> {
    private_key_within(bytes, passphrase, &mut Work::default())
}

/// [`private_key`] within limits of the caller's.
pub fn private_key_within(
    bytes: &[u8],
    passphrase: Option<&[u8]>,
    work: &mut Work,
) -> Result<PrivateKeyDer<'static>, PemError> {
    let key = match is_der(bytes) {
        true => plain_or_encrypted(bytes, passphrase.unwrap_or_default(), work),
        false => pem_private_key(bytes, passphrase.unwrap_or_default(), work),
    };
    match key {
        Err(PemError::BadDecrypt) if passphrase.is_none() => Err(PemError::NeedsPassphrase),
        key => key,
    }
}

fn pem_private_key(bytes: &[u8], passphrase: &[u8], work: &mut Work) -> Result<PrivateKeyDer<'static>, PemError> {
    let text = ascii(bytes);
    let section = Sections::new(&text)
        .find(|section| section.label.ends_with("PRIVATE KEY") && section.label != "OPENSSH PRIVATE KEY")
        .ok_or(PemError::NoStartLine)?;
    let mut der = section.contents()?;
    if section.header("Proc-Type").is_some_and(|kind| kind.ends_with("ENCRYPTED")) {
        let encryption = section.header("DEK-Info").ok_or(PemError::Bad)?;
        der = encrypted_key::decrypt_traditional(encryption, &der, passphrase)?;
        // As with PKCS#8, a wrong passphrase may look right until here.
        return labelled(section.label, &der).map_err(|error| match error {
            PemError::Bad => PemError::BadDecrypt,
            other => other,
        });
    }
    match section.label {
        "ENCRYPTED PRIVATE KEY" => plain_or_encrypted(&der, passphrase, work),
        label => labelled(label, &der),
    }
}

/// A plain key, which must be of the kind that its label says.
fn labelled(label: &str, der: &[u8]) -> Result<PrivateKeyDer<'static>, PemError> {
    match (label, private_key::read(der)) {
        ("RSA PRIVATE KEY", Ok(Kind::Plain(key @ PrivateKeyDer::Pkcs1(_))))
        // A key in SEC 1 may have become PKCS#8.
        | ("EC PRIVATE KEY", Ok(Kind::Plain(key @ (PrivateKeyDer::Sec1(_) | PrivateKeyDer::Pkcs8(_)))))
        | ("PRIVATE KEY", Ok(Kind::Plain(key @ PrivateKeyDer::Pkcs8(_)))) => Ok(key),
        (_, read) => {
            if let Ok(Kind::Plain(mut key)) = read {
                key.zeroize();
            }
            Err(match label {
                "RSA PRIVATE KEY" | "EC PRIVATE KEY" | "PRIVATE KEY" => PemError::Bad,
                _ => PemError::Unsupported("kind of key"),
            })
        }
    }
}

fn plain_or_encrypted(der: &[u8], passphrase: &[u8], work: &mut Work) -> Result<PrivateKeyDer<'static>, PemError> {
    match private_key::read(der) {
        Ok(Kind::Plain(key)) => Ok(key),
        Ok(Kind::Encrypted) => Ok(encrypted_key::open_pkcs8(der, &Passphrase::new(passphrase), work)?),
        Err(_) => Err(PemError::Bad),
    }
}

fn at_least_one(found: Vec<Result<Vec<u8>, PemError>>) -> Result<Vec<Vec<u8>>, PemError> {
    let found = found.into_iter().collect::<Result<Vec<_>, _>>()?;
    if found.is_empty() { Err(PemError::NoStartLine) } else { Ok(found) }
}

fn each(bytes: &[u8], labels: &[&str]) -> Vec<Result<Vec<u8>, PemError>> {
    if is_der(bytes) {
        return vec![Ok(bytes.to_vec())];
    }
    Sections::new(&String::from_utf8_lossy(bytes))
        .filter(|section| labels.contains(&section.label) || !section.ends)
        .map(|section| {
            let der = section.contents()?.to_vec();
            Ok(if section.label == WITH_SETTINGS { der } else { first_of(der) })
        })
        .collect()
}

/// The first element, if there is one.
fn first_of(mut der: Vec<u8>) -> Vec<u8> {
    let length = certificate::first_element(&der).map_or(der.len(), <[u8]>::len);
    der.truncate(length);
    der
}

/// What bytes say in ASCII, which is all that counts of a key, in one piece of memory that is wiped.
fn ascii(bytes: &[u8]) -> Zeroizing<String> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let characters = bytes.iter().map(|octet| if octet.is_ascii() { char::from(*octet) } else { '?' });
    Zeroizing::new(characters.collect())
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
        assert_eq!(certificates(with_more.as_bytes()), vec![vec![0x30, 0, 5, 0]]);
        assert_eq!(chain(with_more.as_bytes()), Ok(vec![vec![0x30, 0]]));
    }
}
