//! What JavaScript says to begin or to answer a handshake: plain objects, whose fields are read here by their names.
//! `js/engine-connection.js` describes them.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

use super::secret;
use crate::connection::ClientAuthentication;

#[wasm_bindgen]
extern "C" {
    /// What a client offers and asks: `ClientParameters`.
    pub type GivenParameters;
    #[wasm_bindgen(method, getter)]
    pub fn servername(this: &GivenParameters) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub fn protocols(this: &GivenParameters) -> Uint8Array;
    #[wasm_bindgen(method, getter)]
    pub fn host(this: &GivenParameters) -> String;
    #[wasm_bindgen(method, getter)]
    pub fn session(this: &GivenParameters) -> Option<Uint8Array>;
    #[wasm_bindgen(method, getter, js_name = sealingKey)]
    pub fn sealing_key(this: &GivenParameters) -> Option<Uint8Array>;
    #[wasm_bindgen(method, getter)]
    pub fn psk(this: &GivenParameters) -> Option<Psk>;
    #[wasm_bindgen(method, getter, js_name = requestOcsp)]
    pub fn request_ocsp(this: &GivenParameters) -> bool;
    #[wasm_bindgen(method, getter)]
    pub fn trace(this: &GivenParameters) -> bool;

    /// How a server answers a ClientHello: `ServerChoice`, whose contexts come beside it.
    pub type GivenChoice;
    #[wasm_bindgen(method, getter)]
    pub fn protocol(this: &GivenChoice) -> Option<Uint8Array>;
    #[wasm_bindgen(method, getter, js_name = requestCert)]
    fn request_cert(this: &GivenChoice) -> bool;
    #[wasm_bindgen(method, getter, js_name = requireCert)]
    fn require_cert(this: &GivenChoice) -> bool;
    #[wasm_bindgen(method, getter)]
    pub fn session(this: &GivenChoice) -> Option<Kept>;
    #[wasm_bindgen(method, getter)]
    pub fn psk(this: &GivenChoice) -> Option<Psk>;
    #[wasm_bindgen(method, getter)]
    pub fn ocsp(this: &GivenChoice) -> Option<Uint8Array>;
    #[wasm_bindgen(method, getter, js_name = keepSessions)]
    pub fn keep_sessions(this: &GivenChoice) -> bool;

    /// An external pre-shared key.
    pub type Psk;
    #[wasm_bindgen(method, getter)]
    fn identity(this: &Psk) -> Uint8Array;
    #[wasm_bindgen(method, getter)]
    fn key(this: &Psk) -> Uint8Array;

    /// A session that a server's program has kept.
    pub type Kept;
    #[wasm_bindgen(method, getter)]
    fn id(this: &Kept) -> Uint8Array;
    #[wasm_bindgen(method, getter)]
    fn data(this: &Kept) -> Uint8Array;
}

impl GivenChoice {
    pub fn client_authentication(&self) -> ClientAuthentication {
        match (self.request_cert(), self.require_cert()) {
            (false, _) => ClientAuthentication::None,
            (true, false) => ClientAuthentication::Wanted,
            (true, true) => ClientAuthentication::Required,
        }
    }
}

impl Psk {
    /// What it is called, and the key.
    pub fn read(&self) -> (Vec<u8>, Zeroizing<Vec<u8>>) {
        (self.identity().to_vec(), secret(&self.key()))
    }
}

impl Kept {
    /// Its id and contents.
    pub fn read(&self) -> (Vec<u8>, Zeroizing<Vec<u8>>) {
        (self.id().to_vec(), secret(&self.data()))
    }
}
