//! A certificate's fields for `js/certificate.js`.

use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::certificate::extension::AlternativeName;
use crate::certificate::{Certificate, name};
use crate::crypto::{Digest, digest};

/// The fields of a certificate (DER), or undefined if it can not be read.
#[wasm_bindgen(js_name = readCertificate)]
pub fn read_certificate(der: &[u8]) -> Option<Object> {
    let certificate = Certificate::parse(der).ok()?;
    let fields = Object::new();
    let set = |name: &str, value: JsValue| {
        // It fails for frozen objects and proxies only.
        let _ = Reflect::set(&fields, &name.into(), &value);
    };
    set("subject", attributes(certificate.subject)?.into());
    set("issuer", attributes(certificate.issuer)?.into());
    set("serialNumber", Uint8Array::from(certificate.serial_number).into());
    set("validFrom", (certificate.not_before.ok()? as f64).into());
    set("validTo", (certificate.not_after.ok()? as f64).into());
    let ca = certificate.extensions.basic_constraints.is_some_and(|constraints| constraints.ca);
    set("ca", ca.into());
    if let Some(names) = &certificate.extensions.alternative_names {
        set("alternativeNames", names.iter().map(alternative_name).collect::<Option<Array>>()?.into());
    }
    if let Some(information) = &certificate.extensions.authority_information {
        let description = |(method, location): &(&[u8], AlternativeName<'_>)| {
            Some(Array::of2(&name::dotted(method).into(), &alternative_name(location)?.into()))
        };
        set("authorityInformation", information.iter().map(description).collect::<Option<Array>>()?.into());
    }
    let key = &certificate.public_key;
    let (algorithm, curve) = key.identifiers().ok()?;
    set("keyAlgorithm", name::dotted(algorithm).into());
    set("curve", curve.map(name::dotted).into());
    set("publicKey", Uint8Array::from(key.to_der().as_slice()).into());
    set("publicKeyBits", Uint8Array::from(key.bits).into());
    if let Some((modulus, exponent)) = key.rsa_numbers() {
        set("modulus", Uint8Array::from(modulus).into());
        set("exponent", Uint8Array::from(exponent).into());
    }
    if let Some(purposes) = &certificate.extensions.extended_key_usage {
        let purposes: Array = purposes.iter().map(|id| JsValue::from(name::dotted(id))).collect();
        set("extendedKeyUsage", purposes.into());
    }
    for (field, algorithm) in
        [("fingerprint", Digest::Sha1), ("fingerprint256", Digest::Sha256), ("fingerprint512", Digest::Sha512)]
    {
        set(field, Uint8Array::from(digest(algorithm, der).as_slice()).into());
    }
    Some(fields)
}

/// `[[type, value], ...]`
fn attributes(contents: &[u8]) -> Option<Array> {
    let attributes = name::attributes(contents).ok()?;
    Some(attributes.iter().map(|(kind, value)| Array::of2(&kind.into(), &value.into())).collect())
}

/// `[kind, bytes]`, or `["dirName", [[type, value], ...]]`
fn alternative_name(name: &AlternativeName<'_>) -> Option<Array> {
    let (kind, value) = match name {
        AlternativeName::Email(bytes) => ("email", bytes),
        AlternativeName::Dns(bytes) => ("DNS", bytes),
        AlternativeName::Uri(bytes) => ("URI", bytes),
        AlternativeName::Ip(bytes) => ("IP Address", bytes),
        AlternativeName::RegisteredId(id) => {
            return Some(Array::of2(&"Registered ID".into(), &name::dotted(id).into()));
        }
        AlternativeName::Directory(contents) => {
            return Some(Array::of2(&"DirName".into(), &attributes(contents)?.into()));
        }
        AlternativeName::Other(..) => ("othername", &&[][..]),
    };
    Some(Array::of2(&kind.into(), &Uint8Array::from(*value).into()))
}
