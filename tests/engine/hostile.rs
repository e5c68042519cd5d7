//! Inputs that are large in the way that costs most: they get their answer by work that grows no faster than they do. What is not bounded
//! so takes minutes here.

use isomorphic_tls::certificate::Certificate;
use isomorphic_tls::context::pfx;
use isomorphic_tls::session::client_hello::ClientHello;
use isomorphic_tls::trust::{Demands, Purpose, TrustStore, judge};
use rcgen::{CertificateParams, CustomExtension, DnType};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivatePkcs8KeyDer};

use crate::certificates::{NOW_SECONDS, authority_parameters, intermediate, leaf, parameters, root};
use crate::lists::{element, time};
use crate::tests;

/// The contents of id-data.
const DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1];
/// The contents of a bag's identifier, less the last number.
const BAG: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 12, 10, 1];
/// The contents of x509Certificate.
const X509_CERTIFICATE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 22, 1];

/// A certificate that says as little as one can; its key, if none is given, is none.
fn certificate(subject: u32, issuer: u32, key: Option<Vec<u8>>) -> Vec<u8> {
    let name = |number: u32| {
        let value = element(0x0c, &[number.to_string().as_bytes()]);
        element(0x30, &[&element(0x31, &[&element(0x30, &[&[6, 3, 0x55, 4, 3], &value])])])
    };
    let algorithm = element(0x30, &[&[6, 3, 0x2b, 0x65, 0x70]]);
    let validity = element(0x30, &[&time("250101000000Z"), &time("270101000000Z")]);
    let key = key.unwrap_or_else(|| element(0x30, &[&algorithm, &[3, 2, 0, 0]]));
    let signed = element(0x30, &[&[2, 1, 1], &algorithm, &name(issuer), &validity, &name(subject), &key]);
    element(0x30, &[&signed, &algorithm, &[3, 2, 0, 0]])
}

/// A PKCS#12 file in the clear: the key of `vectors/key.pem`, and certificates.
fn pfx_of(certificates: &[Vec<u8>]) -> Vec<u8> {
    let bag = |number: u8, value: &[u8]| element(0x30, &[&element(6, &[BAG, &[number]]), &element(0xa0, &[value])]);
    let key = PrivatePkcs8KeyDer::from_pem_slice(include_bytes!("vectors/key.pem")).unwrap();
    let mut bags = vec![bag(1, key.secret_pkcs8_der())];
    for certificate in certificates {
        let value = element(0xa0, &[&element(4, &[certificate])]);
        bags.push(bag(3, &element(0x30, &[&element(6, &[X509_CERTIFICATE]), &value])));
    }
    let data = |contents: &[u8]| element(0x30, &[&element(6, &[DATA]), &element(0xa0, &[&element(4, &[contents])])]);
    let safe = element(0x30, &[&data(&element(0x30, &[&bags.concat()]))]);
    element(0x30, &[&[2, 1, 3], &data(&safe)])
}

/// A certificate with a long name.
fn long_named() -> CertificateParams {
    let mut long = parameters("localhost");
    long.distinguished_name.push(DnType::OrganizationName, "x".repeat(25_000));
    long
}

tests! {
    fn points_that_go_on_from_a_long_name() {
        // The issuer's name is long, and each of many points adds something to it.
        let mut issuer = authority_parameters("issuer");
        issuer.distinguished_name.push(DnType::OrganizationName, "x".repeat(30_000));
        let issuer = intermediate(issuer, &root("root"));
        let point = element(0x30, &[&element(0xa0, &[&element(0xa1, &[&element(0x30, &[&[6, 1, 0x2a, 12, 0]])])])]);
        let mut of_leaf = parameters("localhost");
        of_leaf.custom_extensions = vec![CustomExtension::from_oid_content(&[2, 5, 29, 31], element(0x30, &[&point.repeat(2000)]))];
        let (leaf, _) = leaf(&of_leaf, &issuer);
        for _ in 0..200 {
            let leaf = Certificate::parse(leaf.der()).unwrap();
            assert_eq!(leaf.clone().extensions.distribution_points.len(), 2000);
        }
    }

    fn constraints_on_a_long_name() {
        let root = root("root");
        let name = element(0xa4, &[&element(0x30, &[&element(0x31, &[&element(0x30, &[&[6, 3, 0x55, 4, 3], &[12, 1, 1]])])])]);
        let subtrees = element(0x30, &[&name]).repeat(1000);
        let constraints = element(0x30, &[&element(0xa1, &[&subtrees])]);
        let mut narrow = authority_parameters("narrow");
        narrow.custom_extensions = vec![CustomExtension::from_oid_content(&[2, 5, 29, 30], constraints)];
        let narrow = intermediate(narrow, &root);
        let (leaf, _) = leaf(&long_named(), &narrow);
        let mut store = TrustStore::default();
        store.add(root.der()).unwrap();
        let demands =
            Demands { purpose: Purpose::Server, now: NOW_SECONDS, allow_partial_chain: false, security_level: 1 };
        for _ in 0..20 {
            assert_eq!(judge(&store, leaf.der(), &[narrow.der()], &demands).unwrap().verdict, None);
        }
    }

    fn a_pfx_of_a_long_chain_in_the_worst_order() {
        const LENGTH: u32 = 8000;
        let own = CertificateDer::from_pem_slice(include_bytes!("vectors/certificate.pem")).unwrap();
        let key = Certificate::parse(&own).unwrap().public_key.to_der();
        // Each is issued by the one before it, and a search from the front comes to it last.
        let mut certificates: Vec<_> = (1..LENGTH).rev().map(|number| certificate(number, number + 1, None)).collect();
        certificates.push(certificate(0, 1, Some(key)));
        let opened = pfx::open(&pfx_of(&certificates), None).unwrap();
        certificates.reverse();
        assert_eq!(opened.chain, certificates);
        assert!(opened.others.is_empty());
    }

    fn a_hello_of_many_extensions() {
        let extensions: Vec<u8> = (1000..17_000u16).flat_map(|number| [&number.to_be_bytes()[..], &[0, 0]].concat()).collect();
        let length = (extensions.len() as u16).to_be_bytes();
        let body = [&[3, 3], &[5; 32][..], &[0, 0, 2, 0x13, 1, 1, 0], &length, &extensions].concat();
        let hello = [&[1], &(body.len() as u32).to_be_bytes()[1..], &body].concat();
        assert!((0..100).all(|_| ClientHello::from_message(&hello).is_some()));
    }
}
