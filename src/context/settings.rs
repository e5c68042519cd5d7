//! Settings of a context, as users write them.

use std::fmt;

use super::cipher_list::{self, CipherListError};
use super::groups::GroupsError;
use super::pem::{self, PemError};
use super::pfx::{self, PfxError};
use super::signature_schemes::{self, SignatureSchemesError};
use super::{IdentityError, SecureContext, groups};
use crate::crypto::Selection;

/// Why a setting is no good: `what:why` or `what:why:detail`, which `js/secure-context.js` turns into Node's errors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingError(String);

impl SettingError {
    fn new(what: &str, why: &str) -> Self {
        Self(format!("{what}:{why}"))
    }

    fn unusable(what: &str, names: impl Iterator<Item = String>) -> Self {
        Self(format!("{what}:unusable:{}", names.collect::<Vec<_>>().join(", ")))
    }
}

impl fmt::Display for SettingError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl SecureContext {
    /// Choose and order suites, in OpenSSL's language. Versions that are off stay off.
    pub fn set_ciphers(&mut self, list: &str) -> Result<(), SettingError> {
        if !self.has_suites() {
            return Ok(());
        }
        let chosen = cipher_list::parse(list).map_err(|error| match error {
            CipherListError::Empty => SettingError::new("ciphers", "empty"),
            CipherListError::InvalidCommand => SettingError::new("ciphers", "invalid_command"),
            CipherListError::NoMatch => SettingError::new("ciphers", "no_match"),
            CipherListError::Unusable(suites) => {
                SettingError::unusable("ciphers", suites.into_iter().filter_map(cipher_list::name))
            }
        })?;
        self.security_level = chosen.security_level.unwrap_or(self.security_level);
        let default = Selection::default();
        if !self.selection.tls12.is_empty() {
            self.selection.tls12 = chosen.tls12;
        }
        if !self.selection.tls13.is_empty() {
            self.selection.tls13 = chosen.tls13.unwrap_or(default.tls13);
        }
        match self.has_suites() {
            true => Ok(()),
            false => Err(SettingError::unusable("ciphers", chosen.unusable.into_iter().filter_map(cipher_list::name))),
        }
    }

    /// Choose and order groups, in OpenSSL's language.
    pub fn set_groups(&mut self, list: &str) -> Result<(), SettingError> {
        self.selection.groups = groups::parse(list).map_err(|error| match error {
            GroupsError::Invalid => SettingError::new("groups", "invalid"),
            GroupsError::Unusable(names) => SettingError::unusable("groups", names.into_iter()),
        })?;
        Ok(())
    }

    /// Choose and order signature schemes, in OpenSSL's language.
    pub fn set_signature_schemes(&mut self, list: &str) -> Result<(), SettingError> {
        self.selection.signature_schemes = signature_schemes::parse(list).map_err(|error| match error {
            SignatureSchemesError::Invalid => SettingError::new("sigalgs", "invalid"),
            SignatureSchemesError::Unusable(names) => SettingError::unusable("sigalgs", names.into_iter()),
        })?;
        Ok(())
    }

    fn has_suites(&self) -> bool {
        !(self.selection.tls12.is_empty() && self.selection.tls13.is_empty())
    }

    /// The signature schemes of a client that are ours too, in the order of preference that counts, as OpenSSL names them.
    pub fn shared_signature_schemes(&self, offered: &[u16]) -> Vec<String> {
        let ours = &self.selection.signature_schemes;
        let (order, filter) = if self.prefer_client_order { (offered, &ours[..]) } else { (&ours[..], offered) };
        order.iter().filter(|scheme| filter.contains(scheme)).map(|scheme| signature_schemes::name(*scheme)).collect()
    }

    /// Trust the certificates in PEM or DER; what is no certificate is ignored, as Node does.
    pub fn trust_all_of(&mut self, bytes: &[u8]) {
        for der in pem::certificates(bytes) {
            let _ = self.trust(&der);
        }
    }

    /// Have every certificate of a peer's looked up in the revocation lists, in PEM or DER.
    pub fn add_revocation_lists(&mut self, bytes: &[u8]) -> Result<(), SettingError> {
        for der in pem::revocation_lists(bytes).map_err(|error| pem_error("crl", error))? {
            self.add_revocation_list(&der).map_err(|_| SettingError::new("crl", "bad"))?;
        }
        Ok(())
    }

    /// Present a chain, in PEM or DER.
    pub fn add_certificate(&mut self, bytes: &[u8]) -> Result<(), SettingError> {
        let chain = pem::chain(bytes).map_err(|error| pem_error("cert", error))?;
        self.add_chain(chain).map_err(identity_error)
    }

    /// Authenticate with a private key, in PEM or DER.
    pub fn add_key(&mut self, bytes: &[u8], passphrase: Option<&[u8]>) -> Result<(), SettingError> {
        let key = pem::private_key(bytes, passphrase).map_err(|error| pem_error("key", error))?;
        self.add_private_key(key).map_err(identity_error)
    }

    /// Present the chain and authenticate with the key of a PKCS#12 file, and trust its other certificates.
    pub fn add_pfx(&mut self, bytes: &[u8], passphrase: Option<&[u8]>) -> Result<(), SettingError> {
        let pfx = pfx::open(bytes, passphrase).map_err(|error| match error {
            PfxError::NotEnoughData => SettingError::new("pfx", "not_enough_data"),
            PfxError::NoPfx(fault) => SettingError::new("pfx", fault.word()),
            PfxError::Bad => SettingError::new("pfx", "bad"),
            PfxError::MacVerifyFailure => SettingError::new("pfx", "mac_verify_failure"),
            PfxError::BadDecrypt => SettingError::new("pfx", "bad_decrypt"),
            PfxError::NoKey => SettingError::new("pfx", "no_key"),
            PfxError::NoCertificate => SettingError::new("pfx", "no_certificate"),
            PfxError::Unsupported(what) => SettingError(format!("pfx:unsupported:{what}")),
            PfxError::TooMuchWork => SettingError::new("pfx", "too_much_work"),
        })?;
        for der in pfx.chain.iter().skip(1).chain(&pfx.others) {
            let _ = self.trust(der);
        }
        self.add_chain(pfx.chain).map_err(identity_error)?;
        self.add_private_key(pfx.key).map_err(identity_error)
    }
}

fn pem_error(what: &str, error: PemError) -> SettingError {
    match error {
        PemError::NoStartLine => SettingError::new(what, "no_start_line"),
        PemError::BadEndLine => SettingError::new(what, "bad_end_line"),
        PemError::BadBase64 => SettingError::new(what, "bad_base64"),
        PemError::Bad => SettingError::new(what, "bad"),
        PemError::BadDecrypt => SettingError::new(what, "bad_decrypt"),
        PemError::NeedsPassphrase => SettingError::new(what, "needs_passphrase"),
        PemError::Unsupported(algorithm) => SettingError(format!("{what}:unsupported:{algorithm}")),
        PemError::TooMuchWork => SettingError::new(what, "too_much_work"),
    }
}

fn identity_error(error: IdentityError) -> SettingError {
    match error {
        IdentityError::BadCertificate(fault) => SettingError::new("cert", fault.word()),
        IdentityError::BadKey => SettingError::new("key", "unusable"),
        IdentityError::KeyMismatch => SettingError::new("key", "mismatch"),
    }
}
