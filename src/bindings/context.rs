//! The handle of a [`SecureContext`].

use std::sync::Arc;

use wasm_bindgen::prelude::wasm_bindgen;

use crate::context::pem::{self, PemError};
use crate::context::{IdentityError, SecureContext};

/// The handle of a context. It can be changed until its first connection.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Context(pub(super) Arc<SecureContext>);

/// Answers are words that `js/secure-context.js` turns into errors; the empty one means that all is well.
#[wasm_bindgen]
impl Context {
    /// A context for protocol versions.
    #[wasm_bindgen(constructor)]
    pub fn new(tls12: bool, tls13: bool, allow_partial_chain: bool) -> Self {
        let mut context = SecureContext::new(tls12, tls13);
        context.allow_partial_chain = allow_partial_chain;
        Self(Arc::new(context))
    }

    /// Trust nothing but what [`Self::trust`] adds.
    #[wasm_bindgen(js_name = trustNothing)]
    pub fn trust_nothing(&mut self) -> String {
        self.change(|context| {
            context.trust_nothing();
            Ok(())
        })
    }

    /// Trust the certificates in PEM or DER; what is no certificate is ignored, as Node does.
    pub fn trust(&mut self, bytes: &[u8]) -> String {
        self.change(|context| {
            for der in pem::certificates(bytes) {
                let _ = context.trust(&der);
            }
            Ok(())
        })
    }

    /// Authenticate with a chain and a key, each in PEM or DER.
    pub fn identify(&mut self, chain: &[u8], key: &[u8]) -> String {
        self.change(|context| {
            let key = pem::private_key(key, None).map_err(|error| match error {
                PemError::NoStartLine => "key:no_start_line",
                PemError::NeedsPassphrase => "key:encrypted",
                _ => "key:bad",
            })?;
            let chain = pem::certificates(chain);
            if chain.is_empty() {
                return Err("cert:no_start_line");
            }
            context.identify(&chain, key).map_err(|error| match error {
                IdentityError::BadCertificate => "cert:bad",
                IdentityError::BadKey => "key:bad",
                IdentityError::KeyMismatch => "key:mismatch",
            })
        })
    }

    fn change(&mut self, change: impl FnOnce(&mut SecureContext) -> Result<(), &'static str>) -> String {
        let changed = match Arc::get_mut(&mut self.0) {
            Some(context) => change(context),
            None => Err("in_use"),
        };
        changed.err().unwrap_or_default().to_string()
    }
}
