//! Chains that are made to keep a verifier busy: the number of signatures that are checked stays small, whatever a peer sends. (That
//! larger ones come to an end in WebAssembly, too, is shown in tests/interop/chains.test.js.)

use isomorphic_tls::trust::{Demands, Judgement, Purpose, TrustStore, Verdict, judge};
use rcgen::{CertificateParams, CertifiedIssuer, DnType, KeyPair, SerialNumber};

use crate::certificates::{Authority, NOW_SECONDS, authority_parameters, intermediate, leaf, parameters, root};

/// As many certificates as a way may have: OpenSSL's depth of 100, the leaf and the root besides; one signature each.
const MOST_SIGNATURES: usize = 102;

const MANY: usize = 5_000;

fn judged(trusted: &[u8], leaf: &[u8], others: &[Vec<u8>]) -> Judgement {
    let mut store = TrustStore::default();
    store.add(trusted).unwrap();
    let demands = Demands { purpose: Purpose::Server, now: NOW_SECONDS, allow_partial_chain: false, security_level: 2 };
    let others: Vec<_> = others.iter().map(Vec::as_slice).collect();
    judge(&store, leaf, &others, &demands).unwrap()
}

/// An authority without a key identifier, so that nothing but its name tells which it is.
fn nameless(name: &str) -> CertificateParams {
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name.push(DnType::CommonName, name);
    parameters.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    parameters.key_identifier_method = rcgen::KeyIdMethod::PreSpecified(Vec::new());
    parameters
}

fn numbered(mut parameters: CertificateParams, number: usize) -> CertificateParams {
    parameters.serial_number = Some(SerialNumber::from(number as u64 + 1));
    parameters
}

fn again(parameters: CertificateParams, key: &KeyPair, issuer: &Authority) -> Vec<u8> {
    parameters.signed_by(key, issuer).unwrap().der().to_vec()
}

#[test]
fn thousands_of_issuers_of_one_name_and_key() {
    let root = root("root");
    let middle = intermediate(authority_parameters("middle"), &root);
    let (leaf, _) = leaf(&parameters("localhost"), &middle);
    let others: Vec<_> =
        (0..MANY).map(|number| again(numbered(authority_parameters("middle"), number), middle.key(), &root)).collect();
    let judgement = judged(root.der(), leaf.der(), &others);
    assert_eq!(judgement.verdict, None);
    assert_eq!(judgement.signatures_checked, 2);
}

#[test]
fn thousands_of_issuers_of_one_name_with_other_keys() {
    let root = root("root");
    let middle = intermediate(nameless("middle"), &root);
    let keys: Vec<_> = (0..8).map(|_| KeyPair::generate().unwrap()).collect();
    let (leaf, _) = leaf(&parameters("localhost"), &middle);
    let other = |number: usize| again(numbered(nameless("middle"), number), &keys[number % keys.len()], &root);
    let others: Vec<_> = (0..MANY).map(other).collect();
    let judgement = judged(root.der(), leaf.der(), &others);
    // The first that may be the issuer is taken, and there is no turning back.
    assert_eq!(judgement.verdict, Some(Verdict::CertSignatureFailure));
    assert!(judgement.signatures_checked <= MOST_SIGNATURES, "{}", judgement.signatures_checked);
}

#[test]
fn a_web_of_cross_signs() {
    const NODES: usize = 40;
    let trusted = root("trusted");
    let web: Vec<_> = (0..NODES).map(|number| root(&format!("node {number}"))).collect();
    let mut others = Vec::new();
    for issuer in &web {
        for (number, subject) in web.iter().enumerate() {
            others.push(again(
                numbered(authority_parameters(&format!("node {number}")), others.len()),
                subject.key(),
                issuer,
            ));
        }
    }
    let (leaf, _) = leaf(&parameters("localhost"), &web[0]);
    let judgement = judged(trusted.der(), leaf.der(), &others);
    assert!(judgement.verdict.is_some());
    assert!(judgement.signatures_checked <= MOST_SIGNATURES, "{}", judgement.signatures_checked);
}

#[test]
fn a_loop_of_renewals() {
    let trusted = root("trusted");
    let (one, two) = (root("one"), root("two"));
    let renewal = |number: usize| match number % 2 {
        0 => again(numbered(authority_parameters("one"), number), one.key(), &two),
        _ => again(numbered(authority_parameters("two"), number), two.key(), &one),
    };
    let others: Vec<_> = (0..MANY).map(renewal).collect();
    let (leaf, _) = leaf(&parameters("localhost"), &one);
    let judgement = judged(trusted.der(), leaf.der(), &others);
    assert!(judgement.verdict.is_some());
    assert!(judgement.signatures_checked <= MOST_SIGNATURES, "{}", judgement.signatures_checked);
}

#[test]
fn a_way_of_thousands() {
    let root = root("root");
    let mut way: Vec<Authority> = Vec::new();
    for number in 0..MANY {
        let key = KeyPair::generate().unwrap();
        let issuer = way.last().unwrap_or(&root);
        way.push(CertifiedIssuer::signed_by(authority_parameters(&format!("step {number}")), key, issuer).unwrap());
    }
    let (leaf, _) = leaf(&parameters("localhost"), &way[MANY - 1]);
    let others: Vec<_> = way.iter().map(|step| step.der().to_vec()).collect();
    let judgement = judged(root.der(), leaf.der(), &others);
    assert_eq!(judgement.verdict, Some(Verdict::UnableToGetIssuerCertLocally));
    assert!(judgement.signatures_checked <= MOST_SIGNATURES, "{}", judgement.signatures_checked);
}
