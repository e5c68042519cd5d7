//! The handle of a [`SecureContext`].

use std::sync::Arc;

use js_sys::{Array, JsString, Uint8Array, Uint16Array};
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

use super::secret;
use super::stack::CleanStack;
use crate::context::{SecureContext, SettingError};
use crate::session::tickets::TicketKeys;
use crate::trust::{Judgement, Purpose};

/// The handle of a context. It can be changed until its first connection.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Context(pub(super) Arc<SecureContext>);

/// Answers are words, `what:why`, that `js/secure-context.js` turns into errors; undefined means that all is well.
#[wasm_bindgen]
impl Context {
    /// A context for protocol versions.
    #[wasm_bindgen(constructor)]
    pub fn new(tls12: bool, tls13: bool) -> Self {
        Self(Arc::new(SecureContext::new(tls12, tls13)))
    }

    /// Another handle of the same context.
    pub fn share(&self) -> Context {
        Self(self.0.clone())
    }

    /// The suites, in OpenSSL's language.
    #[wasm_bindgen(js_name = setCiphers)]
    pub fn set_ciphers(&mut self, list: &str) -> Option<JsString> {
        self.change(|context| context.set_ciphers(list))
    }

    /// The key exchange groups, in OpenSSL's language.
    #[wasm_bindgen(js_name = setGroups)]
    pub fn set_groups(&mut self, list: &str) -> Option<JsString> {
        self.change(|context| context.set_groups(list))
    }

    /// The signature schemes, in OpenSSL's language.
    #[wasm_bindgen(js_name = setSignatureSchemes)]
    pub fn set_signature_schemes(&mut self, list: &str) -> Option<JsString> {
        self.change(|context| context.set_signature_schemes(list))
    }

    /// What is either on or off.
    #[wasm_bindgen(js_name = setSwitches)]
    pub fn set_switches(&mut self, allow_partial_chain: bool, prefer_client_order: bool, without_tickets: bool) {
        self.adjust(|context| {
            context.allow_partial_chain = allow_partial_chain;
            context.prefer_client_order = prefer_client_order;
            context.without_tickets = without_tickets;
        });
    }

    /// How long a server's sessions live, in seconds, and which of them may be resumed here.
    #[wasm_bindgen(js_name = setSessions)]
    pub fn set_sessions(&mut self, timeout: f64, id_context: &Uint8Array) {
        self.adjust(|context| {
            context.session_timeout = timeout.clamp(0.0, f64::from(u32::MAX)) as u32;
            context.session_id_context = id_context.to_vec();
        });
    }

    /// Trust what another context trusts, and nothing else.
    #[wasm_bindgen(js_name = trustAs)]
    pub fn trust_as(&mut self, other: &Context) {
        self.adjust(|context| context.trust_as(&other.0));
    }

    /// Trust nothing but what [`Self::trust`] adds.
    #[wasm_bindgen(js_name = trustNothing)]
    pub fn trust_nothing(&mut self) {
        self.adjust(SecureContext::trust_nothing);
    }

    /// Trust the certificates in PEM or DER; what is no certificate is ignored, as Node does.
    pub fn trust(&mut self, bytes: &Uint8Array) {
        self.adjust(|context| context.trust_all_of(&bytes.to_vec()));
    }

    /// Have every certificate of a peer's looked up in the revocation lists, in PEM or DER.
    #[wasm_bindgen(js_name = addRevocationLists)]
    pub fn add_revocation_lists(&mut self, bytes: &Uint8Array) -> Option<JsString> {
        self.change(|context| context.add_revocation_lists(&bytes.to_vec()))
    }

    /// Present a chain, in PEM or DER.
    #[wasm_bindgen(js_name = addCertificate)]
    pub fn add_certificate(&mut self, bytes: &Uint8Array) -> Option<JsString> {
        self.change(|context| context.add_certificate(&bytes.to_vec()))
    }

    /// Authenticate with a private key, in PEM or DER.
    #[wasm_bindgen(js_name = addKey)]
    pub fn add_key(&mut self, bytes: &Uint8Array, passphrase: Option<Uint8Array>) -> Option<JsString> {
        let _stack = CleanStack;
        let passphrase = passphrase.as_ref().map(secret);
        self.change(|context| context.add_key(&secret(bytes), passphrase.as_ref().map(|bytes| bytes.as_slice())))
    }

    /// Present the chain and authenticate with the key of a PKCS#12 file, and trust its other certificates.
    #[wasm_bindgen(js_name = addPfx)]
    pub fn add_pfx(&mut self, bytes: &Uint8Array, passphrase: Option<Uint8Array>) -> Option<JsString> {
        let _stack = CleanStack;
        let passphrase = passphrase.as_ref().map(secret);
        self.change(|context| context.add_pfx(&secret(bytes), passphrase.as_ref().map(|bytes| bytes.as_slice())))
    }

    /// The 48 bytes that tickets are sealed with; undefined if there is no entropy to make them of.
    #[wasm_bindgen(js_name = ticketKeys)]
    pub fn ticket_keys(&self) -> Option<Uint8Array> {
        Some(self.0.ticket_keys()?.to_bytes().as_slice().into())
    }

    /// Seal tickets with these 48 bytes from now on.
    #[wasm_bindgen(js_name = setTicketKeys)]
    pub fn set_ticket_keys(&self, bytes: &Uint8Array) {
        let mut keys = Zeroizing::new([0; 48]);
        if bytes.length() as usize != keys.len() {
            return;
        }
        bytes.copy_to(keys.as_mut_slice());
        self.0.set_ticket_keys(TicketKeys::from_bytes(&keys));
    }

    /// The first of the chains that are presented, DER, leaf first; with its issuer if that is known here.
    #[wasm_bindgen(js_name = ownChain)]
    pub fn own_chain(&self) -> Array {
        self.0.own_chain().iter().map(|der| Uint8Array::from(der.as_slice())).collect()
    }

    /// The signature schemes of a client that are ours too, as OpenSSL names them.
    #[wasm_bindgen(js_name = sharedSignatureSchemes)]
    pub fn shared_signature_schemes(&self, offered: &Uint16Array) -> Array {
        let shared = self.0.shared_signature_schemes(&offered.to_vec());
        shared.iter().map(|name| JsString::from(name.as_str())).collect()
    }

    /// Judge a chain: `[code or undefined, [DER, ...], [hash of key, ...]]`; undefined when it can not be read.
    pub fn judge(&self, chain: &Array, of_client: bool, now: f64) -> Option<Array> {
        let chain: Vec<_> = chain.iter().map(|der| Uint8Array::from(der).to_vec()).collect();
        let chain: Vec<_> = chain.iter().map(Vec::as_slice).collect();
        self.0.set_time(now);
        let purpose = if of_client { Purpose::Client } else { Purpose::Server };
        self.0.judge(purpose, &chain).map(judgement)
    }

    fn change(&mut self, change: impl FnOnce(&mut SecureContext) -> Result<(), SettingError>) -> Option<JsString> {
        match Arc::get_mut(&mut self.0) {
            Some(context) => change(context).err().map(|error| error.to_string().into()),
            None => Some("context:in_use".into()),
        }
    }

    /// A change that can not fail; of a context that has connections already, none.
    fn adjust(&mut self, change: impl FnOnce(&mut SecureContext)) {
        if let Some(context) = Arc::get_mut(&mut self.0) {
            change(context);
        }
    }
}

/// `[code or undefined, [DER, ...], [hash of key, ...]]`
pub(super) fn judgement(judgement: Judgement) -> Array {
    let arrays = |list: &[Vec<u8>]| -> Array { list.iter().map(|bytes| Uint8Array::from(bytes.as_slice())).collect() };
    let code = judgement.verdict.map(|verdict| verdict.code());
    Array::of3(&code.into(), &arrays(&judgement.chain), &arrays(&judgement.key_hashes))
}
