//! OCSP responses made on the spot, octet by octet, so that any of them can be had: what OpenSSL's responder says is judged in
//! tests/api/ocsp-policy.test.js.

use isomorphic_tls::certificate::Certificate;
use isomorphic_tls::crypto::{Digest, digest};
use isomorphic_tls::trust::{Demands, Judgement, Purpose, StaplePolicy, TrustStore, Verdict, judge};
use rcgen::{CertificateParams, CustomExtension, ExtendedKeyUsagePurpose, KeyPair, SigningKey};
use rustls_pki_types::{Der, TrustAnchor};

use crate::certificates::{Authority, NOW_SECONDS, leaf, parameters, root};
use crate::lists::{ECDSA_WITH_SHA256, element, extension, name_of, serial_of, time};
use crate::tests;

const SHA1: &[u8] = &[0x30, 7, 6, 5, 0x2b, 0x0e, 3, 2, 0x1a];
const SHA256: &[u8] = &[0x30, 11, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1];
const SHA384: &[u8] = &[0x30, 11, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2];
const MD5: &[u8] = &[0x30, 12, 6, 8, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 5, 5, 0];
const BASIC: &[u8] = &[6, 9, 0x2b, 6, 1, 5, 5, 7, 48, 1, 1];

/// `CertStatus`
const GOOD: &[u8] = &[0x80, 0];
const UNKNOWN: &[u8] = &[0x82, 0];

fn revoked() -> Vec<u8> {
    element(0xa1, &[&time("20250101000000Z")])
}

/// NOW is 2026-01-01 00:00:00.
const JUST_NOW: &str = "20251231235900Z";
const TOMORROW: &str = "20260102000000Z";

/// A root, a leaf of its, and what is said of the leaf.
struct Scene {
    authority: Authority,
    leaf: Vec<u8>,
}

impl Scene {
    fn new() -> Self {
        Self::of(&parameters("localhost"))
    }

    fn of(parameters: &CertificateParams) -> Self {
        let authority = root("root");
        let leaf = leaf(parameters, &authority).0.der().to_vec();
        Self { authority, leaf }
    }

    fn issuer_key(&self) -> Vec<u8> {
        Certificate::parse(self.authority.der()).unwrap().public_key.bits.to_vec()
    }

    fn id(&self, algorithm: &[u8], hash: Digest, serial: &[u8]) -> Vec<u8> {
        let (name, key) = (digest(hash, &name_of(&self.authority)), digest(hash, &self.issuer_key()));
        element(0x30, &[algorithm, &element(4, &[&name]), &element(4, &[&key]), &element(2, &[serial])])
    }

    fn own_id(&self) -> Vec<u8> {
        self.id(SHA1, Digest::Sha1, &serial_of(&self.leaf))
    }

    /// A `SingleResponse` of the leaf that is of now.
    fn single(&self, status: &[u8]) -> Vec<u8> {
        single(&self.own_id(), status, JUST_NOW, Some(TOMORROW))
    }

    fn by_name(&self) -> Vec<u8> {
        element(0xa1, &[&name_of(&self.authority)])
    }

    /// A response of the root's.
    fn response(&self, singles: &[&[u8]]) -> Vec<u8> {
        Data { responder: self.by_name(), ..Data::of(singles) }.signed_by(self.authority.key(), &[])
    }

    fn judgement(&self) -> Judgement {
        let mut store = TrustStore::default();
        store.add(self.authority.der()).unwrap();
        let demands =
            Demands { purpose: Purpose::Server, now: NOW_SECONDS, allow_partial_chain: false, security_level: 2 };
        judge(&store, &self.leaf, &[], &demands).unwrap()
    }

    fn trusted_as_it_is(&self) -> Judgement {
        Judgement {
            verdict: None,
            chain: vec![self.leaf.clone()],
            root: None,
            signatures_checked: 0,
            ..self.judgement()
        }
    }

    fn verdict(&self, staple: &[u8]) -> Result<Option<i64>, Verdict> {
        verdict(self.judgement(), StaplePolicy::Verify, Some(staple))
    }
}

fn verdict(mut judgement: Judgement, policy: StaplePolicy, staple: Option<&[u8]>) -> Result<Option<i64>, Verdict> {
    let until = judgement.judge_staple(policy, staple, NOW_SECONDS);
    judgement.verdict.map_or(Ok(until), Err)
}

fn single(id: &[u8], status: &[u8], this_update: &str, next_update: Option<&str>) -> Vec<u8> {
    let next = next_update.map(|next| element(0xa0, &[&time(next)])).unwrap_or_default();
    element(0x30, &[id, status, &time(this_update), &next])
}

/// A `ResponseData`.
struct Data {
    version: Vec<u8>,
    responder: Vec<u8>,
    singles: Vec<u8>,
    extensions: Vec<u8>,
}

impl Data {
    fn of(singles: &[&[u8]]) -> Self {
        let singles = element(0x30, singles);
        Self { version: Vec::new(), responder: Vec::new(), singles, extensions: Vec::new() }
    }

    fn signed_by(&self, key: &impl SigningKey, certificates: &[&[u8]]) -> Vec<u8> {
        let data = [&self.version[..], &self.responder, &time(JUST_NOW), &self.singles, &self.extensions];
        let data = element(0x30, &data);
        let signature = element(3, &[&[0], &key.sign(&data).unwrap()]);
        let certificates = match certificates {
            [] => Vec::new(),
            list => element(0xa0, &[&element(0x30, list)]),
        };
        let basic = element(0x30, &[&data, ECDSA_WITH_SHA256, &signature, &certificates]);
        element(0x30, &[&[0x0a, 1, 0], &element(0xa0, &[&element(0x30, &[BASIC, &element(4, &[&basic])])])])
    }
}

/// A certificate of a root's for a responder, and its key.
fn delegate(authority: &Authority, usage: ExtendedKeyUsagePurpose) -> (Vec<u8>, KeyPair) {
    let mut parameters = parameters("responder");
    parameters.extended_key_usages = vec![usage];
    let (certificate, key) = leaf(&parameters, authority);
    (certificate.der().to_vec(), key)
}

/// The `ResponderID` of a certificate's key.
fn by_key(der: &[u8]) -> Vec<u8> {
    element(0xa2, &[&element(4, &[&digest(Digest::Sha1, Certificate::parse(der).unwrap().public_key.bits)])])
}

fn must_staple(value: &[u8]) -> CertificateParams {
    let mut parameters = parameters("localhost");
    let feature = CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 1, 24], value.to_vec());
    parameters.custom_extensions = vec![feature];
    parameters
}

const FAILED: Result<Option<i64>, Verdict> = Err(Verdict::OcspVerifyFailed);

tests! {
    fn what_a_response_says_counts() {
        let scene = Scene::new();
        let until = NOW_SECONDS + 24 * 60 * 60 + 300;
        assert_eq!(scene.verdict(&scene.response(&[&scene.single(GOOD)])), Ok(Some(until)));
        assert_eq!(scene.verdict(&scene.response(&[&scene.single(&revoked())])), Err(Verdict::CertRevoked));
        assert_eq!(scene.verdict(&scene.response(&[&scene.single(UNKNOWN)])), Err(Verdict::OcspCertUnknown));
        assert_eq!(scene.verdict(&scene.response(&[&scene.single(&[0x83, 0])])), FAILED);
        assert_eq!(scene.verdict(&scene.response(&[])), FAILED);
    }

    fn of_several_answers_the_one_that_revokes_counts() {
        let scene = Scene::new();
        let (good, revoked, unknown) = (scene.single(GOOD), scene.single(&revoked()), scene.single(UNKNOWN));
        for singles in [[&good[..], &revoked], [&revoked, &good], [&unknown, &revoked], [&revoked, &unknown]] {
            assert_eq!(scene.verdict(&scene.response(&singles)), Err(Verdict::CertRevoked));
        }
        let other = single(&scene.id(SHA1, Digest::Sha1, &[1]), &revoked, JUST_NOW, None);
        assert!(scene.verdict(&scene.response(&[&other, &good, &other])).is_ok());
    }

    fn the_certificate_is_known_by_number_and_issuer() {
        let (scene, stranger) = (Scene::new(), Scene::new());
        let serial = serial_of(&scene.leaf);
        let says = |id: &[u8]| scene.verdict(&scene.response(&[&single(id, GOOD, JUST_NOW, Some(TOMORROW))])).is_ok();
        assert!(says(&scene.id(SHA256, Digest::Sha256, &serial)));
        assert!(says(&scene.id(SHA384, Digest::Sha384, &serial)));
        assert!(says(&scene.id(SHA1, Digest::Sha1, &[&[0], &serial[..]].concat())));
        assert!(!says(&scene.id(SHA256, Digest::Sha1, &serial)));
        assert!(!says(&scene.id(MD5, Digest::Sha1, &serial)));
        assert!(!says(&scene.id(SHA1, Digest::Sha1, &serial_of(&stranger.leaf))));
        // Of the same name, but of another key.
        assert!(!says(&stranger.id(SHA1, Digest::Sha1, &serial)));
    }

    fn time_is_now_with_some_patience() {
        let scene = Scene::new();
        let says = |from: &str, to: Option<&str>| {
            scene.verdict(&scene.response(&[&single(&scene.own_id(), GOOD, from, to)]))
        };
        assert_eq!(says("20260101000500Z", Some("20260101000500Z")), Ok(Some(NOW_SECONDS + 600)));
        assert_eq!(says("20260101000501Z", Some(TOMORROW)), FAILED);
        assert_eq!(says("20251201000000Z", Some("20251231235500Z")), Ok(Some(NOW_SECONDS)));
        assert_eq!(says("20251201000000Z", Some("20251231235459Z")), FAILED);
        assert_eq!(says("20260101000100Z", Some("20260101000000Z")), FAILED);
        assert_eq!(says("20251231000000Z", None), Ok(Some(NOW_SECONDS + 300)));
        assert_eq!(says("20251230235500Z", None), Ok(Some(NOW_SECONDS)));
        assert_eq!(says("20251230235459Z", None), FAILED);
        // UTCTime, and what is none.
        assert_eq!(says("251231000000Z", None), FAILED);
        assert_eq!(says("20251331000000Z", None), FAILED);
    }

    fn a_responder_is_the_issuer_or_its_delegate() {
        let (scene, stranger) = (Scene::new(), root("root"));
        let data = |responder: Vec<u8>| Data { responder, ..Data::of(&[&scene.single(GOOD)]) };
        let judge = |data: Data, key: &KeyPair, certificates: &[&[u8]]| scene.verdict(&data.signed_by(key, certificates)).is_ok();
        let own = scene.authority.key();
        assert!(judge(data(by_key(scene.authority.der())), own, &[]));
        assert!(!judge(data(by_key(stranger.der())), own, &[]));
        // A root of the same name and another key.
        assert!(!judge(data(scene.by_name()), stranger.key(), &[]));
        assert!(!judge(data(scene.by_name()), stranger.key(), &[stranger.der()]));

        let (certificate, key) = delegate(&scene.authority, ExtendedKeyUsagePurpose::OcspSigning);
        let name = element(0xa1, &[&element(0x30, &[Certificate::parse(&certificate).unwrap().subject])]);
        assert!(judge(data(name.clone()), &key, &[&certificate]));
        assert!(judge(data(by_key(&certificate)), &key, &[stranger.der(), &certificate]));
        assert!(!judge(data(by_key(&certificate)), &key, &[]));
        assert!(!judge(data(by_key(&certificate)), own, &[&certificate]));
        assert!(!judge(data(scene.by_name()), &key, &[&certificate]));
        let (useless, other) = delegate(&scene.authority, ExtendedKeyUsagePurpose::ServerAuth);
        assert!(!judge(data(by_key(&useless)), &other, &[&useless]));
        let (foreign, other) = delegate(&stranger, ExtendedKeyUsagePurpose::OcspSigning);
        assert!(!judge(data(by_key(&foreign)), &other, &[&foreign]));
        // The first one that is named is asked, and no other.
        let twin = delegate(&stranger, ExtendedKeyUsagePurpose::OcspSigning).0;
        assert!(!judge(data(name), &key, &[&twin, &certificate]));
    }

    fn what_is_critical_must_be_understood() {
        let scene = Scene::new();
        let extensions = |critical| element(0xa1, &[&element(0x30, &[&extension(99, critical, &[5, 0])])]);
        let with = |version: &[u8], critical| Data {
            version: version.to_vec(),
            responder: scene.by_name(),
            extensions: extensions(critical),
            ..Data::of(&[&scene.single(GOOD)])
        };
        assert!(scene.verdict(&with(&[], false).signed_by(scene.authority.key(), &[])).is_ok());
        assert_eq!(scene.verdict(&with(&[], true).signed_by(scene.authority.key(), &[])), FAILED);
        assert!(scene.verdict(&with(&[0xa0, 3, 2, 1, 0], false).signed_by(scene.authority.key(), &[])).is_ok());
        assert_eq!(scene.verdict(&with(&[0xa0, 3, 2, 1, 1], false).signed_by(scene.authority.key(), &[])), FAILED);
        let single = |critical| {
            let next = element(0xa0, &[&time(TOMORROW)]);
            element(0x30, &[&scene.own_id(), GOOD, &time(JUST_NOW), &next, &extensions(critical)])
        };
        assert!(scene.verdict(&scene.response(&[&single(false)])).is_ok());
        assert_eq!(scene.verdict(&scene.response(&[&single(true)])), FAILED);
    }

    fn the_policy_says_when_there_must_be_one() {
        let scene = Scene::new();
        let good = scene.response(&[&scene.single(GOOD)]);
        let bad = scene.response(&[&scene.single(&revoked())]);
        let ask = |policy, staple| verdict(scene.judgement(), policy, staple);
        assert_eq!(ask(StaplePolicy::Ignore, Some(&bad[..])), Ok(None));
        assert_eq!(ask(StaplePolicy::Verify, None), Ok(None));
        assert_eq!(ask(StaplePolicy::Require, None), Err(Verdict::OcspVerifyNeeded));
        assert!(ask(StaplePolicy::Require, Some(&good[..])).is_ok());
        // What was wrong before stays so.
        let mut judgement = scene.judgement();
        judgement.verdict = Some(Verdict::CertHasExpired);
        assert_eq!(verdict(judgement, StaplePolicy::Require, Some(&bad)), Err(Verdict::CertHasExpired));
    }

    fn a_certificate_may_promise_one() {
        for (feature, promises) in [
            (&[0x30, 3, 2, 1, 5][..], true),
            (&[0x30, 6, 2, 1, 17, 2, 1, 5], true),
            (&[0x30, 3, 2, 1, 17], false),
            (&[0x30, 0], false),
            (&[5, 0], true),
            (&[0x30, 5, 2], true),
        ] {
            let scene = Scene::of(&must_staple(feature));
            let expected = if promises { Err(Verdict::OcspVerifyNeeded) } else { Ok(None) };
            assert_eq!(verdict(scene.judgement(), StaplePolicy::Verify, None), expected, "{feature:?}");
            assert_eq!(verdict(scene.judgement(), StaplePolicy::Ignore, None), Ok(None));
            assert!(scene.verdict(&scene.response(&[&scene.single(GOOD)])).is_ok());
        }
    }

    fn the_issuer_may_be_known_by_name_and_key_alone() {
        let scene = Scene::new();
        let bare = |authority: &Authority| {
            let certificate = Certificate::parse(authority.der()).unwrap();
            Some(TrustAnchor {
                subject: Der::from(certificate.subject.to_vec()),
                subject_public_key_info: Der::from(certificate.public_key.contents.to_vec()),
                name_constraints: None,
            })
        };
        let judgement = |root| Judgement { root, ..scene.trusted_as_it_is() };
        let good = scene.response(&[&scene.single(GOOD)]);
        assert!(verdict(judgement(bare(&scene.authority)), StaplePolicy::Require, Some(&good)).is_ok());
        assert_eq!(verdict(judgement(bare(&root("root"))), StaplePolicy::Require, Some(&good)), FAILED);
        // Trusted as it is: nobody is known who could say anything.
        assert_eq!(verdict(judgement(None), StaplePolicy::Require, Some(&good)), FAILED);
        // The keys of the way, hashed.
        let expected = [&scene.leaf[..], scene.authority.der()].map(|der| {
            let certificate = Certificate::parse(der).unwrap();
            digest(Digest::Sha256, &certificate.public_key.to_der())
        });
        assert_eq!(scene.judgement().key_hashes, expected);
    }

    fn who_has_issued_itself_speaks_for_itself() {
        let authority = root("localhost");
        let scene = Scene { leaf: authority.der().to_vec(), authority };
        let good = scene.response(&[&scene.single(GOOD)]);
        assert!(verdict(scene.trusted_as_it_is(), StaplePolicy::Require, Some(&good)).is_ok());
    }

    fn nothing_else_is_a_response() {
        let scene = Scene::new();
        let (certificate, key) = delegate(&scene.authority, ExtendedKeyUsagePurpose::OcspSigning);
        let data = Data { responder: by_key(&certificate), ..Data::of(&[&scene.single(GOOD)]) };
        let response = data.signed_by(&key, &[&certificate]);
        let judgement = scene.judgement();
        let says = |staple: &[u8]| verdict(judgement.clone(), StaplePolicy::Verify, Some(staple));
        assert!(says(&response).is_ok());
        assert_eq!(says(&[&response[..], &[0]].concat()), FAILED);
        for length in 0..response.len() {
            assert_eq!(says(&response[..length]), FAILED, "{length}");
        }
        // Nothing of it but the certificate, which is of nobody's concern where another octet of it changes, is not signed.
        for index in 0..response.len() {
            let mut changed = response.clone();
            changed[index] ^= 1;
            assert_eq!(says(&changed), FAILED, "{index}");
        }
        // "tryLater", with and without something that is signed.
        assert_eq!(says(&[0x30, 3, 0x0a, 1, 3]), FAILED);
        let status = response.iter().position(|octet| *octet == 0x0a).unwrap() + 2;
        let mut unsuccessful = response.clone();
        unsuccessful[status] = 3;
        assert_eq!(says(&unsuccessful), FAILED);
    }

    fn thousands_of_answers_and_certificates_are_an_answer() {
        let scene = Scene::new();
        let own = scene.own_id();
        // As many as a handshake message has room for, with the number of the leaf, of another issuer.
        let stranger = single(&root_id(&own), GOOD, JUST_NOW, Some(TOMORROW));
        let singles: Vec<&[u8]> = std::iter::repeat_n(&stranger[..], 65_000 / stranger.len()).collect();
        assert_eq!(scene.verdict(&scene.response(&singles)), FAILED);
        // Certificates that all could be the signer's: one is tried.
        let (certificate, _) = delegate(&scene.authority, ExtendedKeyUsagePurpose::OcspSigning);
        let certificates: Vec<&[u8]> = std::iter::repeat_n(&certificate[..], 65_000 / certificate.len()).collect();
        let data = Data { responder: by_key(&certificate), ..Data::of(&[&scene.single(GOOD)]) };
        assert_eq!(scene.verdict(&data.signed_by(scene.authority.key(), &certificates)), FAILED);
    }
}

/// An id with another hash of the key.
fn root_id(id: &[u8]) -> Vec<u8> {
    let mut changed = id.to_vec();
    // After name's hash come tag and length of the key's.
    let place = 2 + SHA1.len() + 22 + 2;
    changed[place] ^= 1;
    changed
}
