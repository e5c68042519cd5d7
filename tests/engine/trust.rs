//! Verdicts on chains. (What OpenSSL and Node say of the same is compared in tests/api/verification.test.js.)

use isomorphic_tls::certificate::Certificate;
use isomorphic_tls::trust::{Demands, Purpose, TrustStore, Verdict, judge};
use rcgen::{
    BasicConstraints, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, KeyUsagePurpose, NameConstraints, date_time_ymd,
};

use crate::certificates::{NOW_SECONDS, authority_parameters, intermediate, leaf, parameters, root};
use crate::tests;

fn verdict(trusted: &[&[u8]], chain: &[&[u8]], partial: bool) -> Option<Verdict> {
    let mut store = TrustStore::default();
    trusted.iter().for_each(|der| store.add(der).unwrap());
    let demands =
        Demands { purpose: Purpose::Server, now: NOW_SECONDS, allow_partial_chain: partial, security_level: 2 };
    judge(&store, chain[0], &chain[1..], &demands).unwrap().verdict
}

/// An authority that may issue for `inside.test` only.
fn inside_only() -> rcgen::CertificateParams {
    let mut narrow = authority_parameters("narrow");
    narrow.name_constraints = Some(NameConstraints {
        permitted_subtrees: vec![GeneralSubtree::DnsName("inside.test".to_string())],
        excluded_subtrees: vec![],
    });
    narrow
}

tests! {
    fn a_chain_is_trusted_in_any_order_with_extras() {
        let root = root("root");
        let stranger = crate::certificates::root("stranger");
        let outer = intermediate(authority_parameters("outer"), &root);
        let inner = intermediate(authority_parameters("inner"), &outer);
        let (leaf, _) = leaf(&parameters("localhost"), &inner);
        let chain: [&[u8]; 5] = [leaf.der(), stranger.der(), outer.der(), outer.der(), inner.der()];
        assert_eq!(verdict(&[root.der()], &chain, false), None);
        assert_eq!(verdict(&[root.der(), root.der()], &[leaf.der(), inner.der(), outer.der(), root.der()], false), None);
    }

    fn what_is_missing_has_a_name() {
        let root = root("root");
        let middle = intermediate(authority_parameters("middle"), &root);
        let (leaf, _) = leaf(&parameters("localhost"), &middle);
        assert_eq!(verdict(&[root.der()], &[leaf.der()], false), Some(Verdict::UnableToVerifyLeafSignature));
        assert_eq!(verdict(&[], &[leaf.der(), middle.der()], false), Some(Verdict::UnableToGetIssuerCertLocally));
        assert_eq!(verdict(&[], &[leaf.der(), middle.der(), root.der()], false), Some(Verdict::SelfSignedCertInChain));
        assert_eq!(verdict(&[], &[root.der()], false), Some(Verdict::DepthZeroSelfSignedCert));
        assert_eq!(verdict(&[root.der()], &[root.der()], false), None);
        assert_eq!(verdict(&[middle.der()], &[leaf.der()], false), Some(Verdict::UnableToGetIssuerCert));
        assert_eq!(verdict(&[middle.der()], &[leaf.der()], true), None);
        // A leaf that is trusted itself ends nothing, and what leads further is still to be found.
        assert_eq!(verdict(&[leaf.der()], &[leaf.der()], false), Some(Verdict::UnableToVerifyLeafSignature));
        assert_eq!(verdict(&[root.der(), leaf.der()], &[leaf.der(), middle.der()], false), None);
        assert_eq!(verdict(&[leaf.der()], &[leaf.der()], true), None);
    }

    fn another_key_of_the_same_name_is_no_issuer() {
        let (genuine, impostor) = (root("root"), root("root"));
        let (leaf, _) = leaf(&parameters("localhost"), &impostor);
        assert_eq!(verdict(&[genuine.der()], &[leaf.der()], false), Some(Verdict::CertSignatureFailure));
    }

    fn validity_counts_for_every_certificate() {
        let root = root("root");
        let mut early = parameters("localhost");
        early.not_before = date_time_ymd(2030, 1, 1);
        let mut late = parameters("localhost");
        late.not_after = date_time_ymd(2020, 1, 1);
        assert_eq!(verdict(&[root.der()], &[leaf(&early, &root).0.der()], false), Some(Verdict::CertNotYetValid));
        assert_eq!(verdict(&[root.der()], &[leaf(&late, &root).0.der()], false), Some(Verdict::CertHasExpired));

        let mut old = authority_parameters("old");
        old.not_after = date_time_ymd(2020, 1, 1);
        let old = intermediate(old, &root);
        let (below, _) = leaf(&parameters("localhost"), &old);
        assert_eq!(verdict(&[root.der()], &[below.der(), old.der()], false), Some(Verdict::CertHasExpired));
    }

    fn only_authorities_issue() {
        let root = root("root");
        let no_authority = intermediate(parameters("no authority"), &root);
        let (below, _) = leaf(&parameters("localhost"), &no_authority);
        assert_eq!(verdict(&[root.der()], &[below.der(), no_authority.der()], false), Some(Verdict::InvalidPurpose));

        let mut short = authority_parameters("short");
        short.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        let short = intermediate(short, &root);
        let further = intermediate(authority_parameters("further"), &short);
        let (below, _) = leaf(&parameters("localhost"), &further);
        let chain: [&[u8]; 3] = [below.der(), further.der(), short.der()];
        assert_eq!(verdict(&[root.der()], &chain, false), Some(Verdict::PathLengthExceeded));
    }

    fn purposes_count() {
        let root = root("root");
        let mut client_only = parameters("localhost");
        client_only.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        let mut signs_lists = parameters("localhost");
        signs_lists.key_usages = vec![KeyUsagePurpose::CrlSign];
        for parameters in [client_only, signs_lists] {
            let (leaf, _) = leaf(&parameters, &root);
            assert_eq!(verdict(&[root.der()], &[leaf.der()], false), Some(Verdict::InvalidPurpose));
        }
    }

    fn name_constraints_count() {
        let root = root("root");
        let narrow = intermediate(inside_only(), &root);
        let mut inside = parameters("host.inside.test");
        let mut outside = parameters("host.outside.test");
        for parameters in [&mut inside, &mut outside] {
            parameters.distinguished_name = rcgen::DistinguishedName::new();
        }
        let (inside, _) = leaf(&inside, &narrow);
        let (outside, _) = leaf(&outside, &narrow);
        assert_eq!(verdict(&[root.der()], &[inside.der(), narrow.der()], false), None);
        assert_eq!(verdict(&[root.der()], &[outside.der(), narrow.der()], false), Some(Verdict::PermittedViolation));
    }

    fn a_common_name_is_constrained_too() {
        let root = root("root");
        let narrow = intermediate(inside_only(), &root);
        let mut evil = rcgen::CertificateParams::default();
        evil.distinguished_name.push(rcgen::DnType::CommonName, "evil.test");
        let (evil, _) = leaf(&evil, &narrow);
        assert_eq!(verdict(&[root.der()], &[evil.der(), narrow.der()], false), Some(Verdict::PermittedViolation));
    }

    fn an_intermediate_must_say_that_it_is_an_authority() {
        let root = root("root");
        let mut mute = authority_parameters("mute");
        mute.is_ca = IsCa::NoCa;
        mute.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let mute = intermediate(mute, &root);
        let (below, _) = leaf(&parameters("localhost"), &mute);
        assert_eq!(verdict(&[root.der()], &[below.der(), mute.der()], false), Some(Verdict::InvalidCa));
    }

    fn any_purpose_is_no_servers_purpose() {
        let root = root("root");
        let mut any = parameters("localhost");
        any.extended_key_usages = vec![ExtendedKeyUsagePurpose::Any];
        let (any, _) = leaf(&any, &root);
        assert_eq!(verdict(&[root.der()], &[any.der()], false), Some(Verdict::InvalidPurpose));
    }

    fn names_are_compared_without_case_blanks_and_string_types() {
        let key = rcgen::KeyPair::generate().unwrap();
        let named = |name: rcgen::DnValue| {
            let mut parameters = authority_parameters("");
            parameters.distinguished_name = rcgen::DistinguishedName::new();
            parameters.distinguished_name.push(rcgen::DnType::CommonName, name);
            parameters
        };
        let trusted = named(rcgen::DnValue::PrintableString("The  Root".try_into().unwrap())).self_signed(&key).unwrap();
        let written = named(rcgen::DnValue::Utf8String("the root".to_string()));
        let leaf_key = rcgen::KeyPair::generate().unwrap();
        let leaf = parameters("localhost").signed_by(&leaf_key, &rcgen::Issuer::from_params(&written, &key)).unwrap();
        assert_eq!(verdict(&[trusted.der()], &[leaf.der()], false), None);
    }

    fn a_key_that_was_rolled_over_is_followed_to_its_predecessor() {
        let old = root("the same name");
        let mut parameters_of_new = authority_parameters("the same name");
        parameters_of_new.use_authority_key_identifier_extension = true;
        let new = intermediate(parameters_of_new, &old);
        let mut parameters = parameters("localhost");
        parameters.use_authority_key_identifier_extension = true;
        let (leaf, _) = leaf(&parameters, &new);
        assert_eq!(verdict(&[old.der()], &[leaf.der(), new.der()], false), None);
        assert_eq!(verdict(&[new.der()], &[leaf.der()], false), Some(Verdict::UnableToGetIssuerCert));
    }

    fn extensions_that_are_not_known_may_hold_anything() {
        let root = root("root");
        let mut parameters = parameters("localhost");
        parameters.custom_extensions =
            vec![rcgen::CustomExtension::from_oid_content(&[1, 2, 3, 4], vec![0xde, 0xad, 0xbe, 0xef])];
        let (leaf, _) = leaf(&parameters, &root);
        assert_eq!(verdict(&[root.der()], &[leaf.der()], false), None);
    }

    fn unknown_critical_extensions_are_not_trusted() {
        let root = root("root");
        let mut parameters = parameters("localhost");
        let mut extension = rcgen::CustomExtension::from_oid_content(&[1, 2, 3, 4], vec![0x05, 0x00]);
        extension.set_criticality(true);
        parameters.custom_extensions = vec![extension];
        let (leaf, _) = leaf(&parameters, &root);
        assert_eq!(verdict(&[root.der()], &[leaf.der()], false), Some(Verdict::UnhandledCriticalExtension));
    }

    fn a_hostile_chain_ends() {
        // Two authorities that certify each other for ever, many times over.
        let (one, other) = (root("one"), root("other"));
        let cross: Vec<_> = (0..40)
            .map(|index| match index % 2 {
                0 => intermediate(authority_parameters("one"), &other),
                _ => intermediate(authority_parameters("other"), &one),
            })
            .collect();
        let (leaf, _) = leaf(&parameters("localhost"), &one);
        let mut chain: Vec<&[u8]> = vec![leaf.der()];
        chain.extend(cross.iter().map(|authority| authority.der().as_ref()));
        assert!(verdict(&[], &chain, false).is_some());
    }

    fn mozillas_roots_are_known() {
        let store = TrustStore::mozilla();
        let (unknown, _) = leaf(&parameters("localhost"), &root("root"));
        let unknown = Certificate::parse(unknown.der()).unwrap();
        assert!(store.issuers(&unknown).is_empty());
        for root in webpki_roots::TLS_SERVER_ROOTS {
            let below = Certificate { issuer: root.subject.as_ref(), ..unknown.clone() };
            assert!(!store.issuers(&below).is_empty());
        }
    }
}
