//! Verdicts on chains by revocation lists. (tests/engine/revocation_of_openssl.rs asks OpenSSL about the same cases.)

use isomorphic_tls::context::{SecureContext, pem};
use isomorphic_tls::trust::{Demands, Judgement, Purpose, TrustStore, Verdict, judge};
use rcgen::{CertificateParams, CustomExtension, KeyUsagePurpose, SerialNumber};

use crate::certificates::{Authority, NOW_SECONDS, authority_parameters, intermediate, leaf, parameters, root};
use crate::lists::{
    ECDSA_WITH_SHA384, List, element, extension, issuing_point, name_of, point_name, reason, serial_of,
};
use crate::tests;

/// A chain, lists, and what they come to.
pub(crate) struct Case {
    pub name: &'static str,
    pub trusted: Vec<u8>,
    /// Leaf first.
    pub chain: Vec<Vec<u8>>,
    pub lists: Vec<Vec<u8>>,
    pub may_be_partial: bool,
    /// The last complaint.
    pub verdict: Option<Verdict>,
    /// The first one, where that is another.
    pub first: Option<Verdict>,
}

impl Case {
    fn since(mut self, first: Verdict) -> Self {
        self.first = Some(first);
        self
    }

    fn judge(&self) -> Option<Verdict> {
        self.judge_at(NOW_SECONDS).verdict
    }

    fn judge_at(&self, now: i64) -> Judgement {
        let mut store = TrustStore::default();
        store.add(&self.trusted).unwrap();
        self.lists.iter().for_each(|list| store.add_revocation_list(list).unwrap());
        let others: Vec<_> = self.chain[1..].iter().map(Vec::as_slice).collect();
        let demands =
            Demands { purpose: Purpose::Server, now, allow_partial_chain: self.may_be_partial, security_level: 2 };
        judge(&store, &self.chain[0], &others, &demands).unwrap()
    }
}

/// A root, an authority under it, and a leaf under that.
struct Way {
    root: Authority,
    middle: Authority,
    leaf: Vec<u8>,
}

impl Way {
    fn new() -> Self {
        Self::with(authority_parameters("middle"), parameters("localhost"))
    }

    fn with(middle: CertificateParams, of_leaf: CertificateParams) -> Self {
        let root = root("root");
        let middle = intermediate(middle, &root);
        let leaf = leaf(&of_leaf, &middle).0.der().to_vec();
        Self { root, middle, leaf }
    }

    fn with_points(points: &[&[u8]]) -> Self {
        let mut of_leaf = parameters("localhost");
        let points = element(0x30, points);
        of_leaf.custom_extensions = vec![CustomExtension::from_oid_content(&[2, 5, 29, 31], points)];
        Self::with(authority_parameters("middle"), of_leaf)
    }

    /// The root's list as it should be, and the list of the authority.
    fn case(&self, name: &'static str, list: List, verdict: impl Into<Option<Verdict>>) -> Case {
        self.case_of(name, vec![self.good(), list.signed_by(&self.middle)], verdict)
    }

    fn case_of(&self, name: &'static str, lists: Vec<Vec<u8>>, verdict: impl Into<Option<Verdict>>) -> Case {
        Case {
            name,
            trusted: self.root.der().to_vec(),
            chain: vec![self.leaf.clone(), self.middle.der().to_vec()],
            lists,
            may_be_partial: false,
            verdict: verdict.into(),
            first: None,
        }
    }

    fn good(&self) -> Vec<u8> {
        List::of(&self.root).signed_by(&self.root)
    }

    fn list(&self) -> List {
        List::of(&self.middle)
    }

    fn revoking(&self) -> List {
        self.list().revoking(&serial_of(&self.leaf))
    }
}

/// `deltaCRLIndicator`: a list of what has changed since the first.
fn delta() -> Vec<u8> {
    extension(27, true, &[2, 1, 1])
}

/// `certificateIssuer` of an entry.
fn certificate_issuer(name: &[u8]) -> Vec<u8> {
    extension(29, true, &element(0x30, &[&element(0xa4, &[name])]))
}

/// `authorityKeyIdentifier` of the fields.
fn authority_key(fields: &[&[u8]]) -> Vec<u8> {
    extension(35, false, &element(0x30, fields))
}

pub(crate) fn cases() -> Vec<Case> {
    [plain(), times(), issuers(), scopes(), points(), extensions(), choices(), chains()].into_iter().flatten().collect()
}

fn plain() -> Vec<Case> {
    let way = Way::new();
    let serial = serial_of(&way.leaf);
    let elsewhere = root("elsewhere");
    let good = way.list().signed_by(&way.middle);
    let of_root = |serial: &[u8]| List::of(&way.root).revoking(serial).signed_by(&way.root);
    let mut wide = parameters("localhost");
    wide.serial_number = Some(SerialNumber::from_slice(&[0x80; 20]));
    let wide = Way::with(authority_parameters("middle"), wide);
    vec![
        way.case("nothing revoked", way.list(), None),
        way.case("others revoked", way.list().revoking(&[1]).revoking(&[0x7f; 20]), None),
        way.case("leaf revoked", way.revoking(), Verdict::CertRevoked),
        way.case("one of many", way.list().revoking(&[0x7f, 1]).revoking(&serial).revoking(&[1]), Verdict::CertRevoked),
        wide.case("a long serial number", wide.revoking(), Verdict::CertRevoked),
        way.case_of(
            "authority revoked",
            vec![of_root(&serial_of(way.middle.der())), good.clone()],
            Verdict::CertRevoked,
        ),
        way.case_of("root revoked", vec![of_root(&serial_of(way.root.der())), good.clone()], Verdict::CertRevoked),
        way.case_of("revoked by the other issuer", vec![of_root(&serial), good.clone()], None),
        way.case_of("no list of the authority", vec![way.good()], Verdict::UnableToGetCrl),
        way.case_of("no list of the root", vec![good.clone()], Verdict::UnableToGetCrl),
        way.case_of("a list of another", vec![List::of(&elsewhere).signed_by(&elsewhere)], Verdict::UnableToGetCrl),
        way.case("no longer revoked", way.list().revoking_with(&serial, &[&reason(8)]), None),
        way.case("on hold", way.list().revoking_with(&serial, &[&reason(6)]), Verdict::CertRevoked),
    ]
}

fn times() -> Vec<Case> {
    let way = Way::new();
    vec![
        way.case("list expired", way.list().until("250201000000Z"), Verdict::CrlHasExpired),
        way.case("list expires now", way.list().until("260101000000Z"), Verdict::CrlHasExpired),
        way.case("list begins now", way.list().since("260101000000Z"), None),
        way.case("list of the future", way.list().since("20980101000000Z"), Verdict::CrlNotYetValid),
        way.case("list for ever", way.list().until(""), None),
        way.case("expired list that revokes", way.revoking().until("250201000000Z"), Verdict::CertRevoked),
        way.case("beginning with an offset", way.list().since("250101000000+0000"), Verdict::ErrorInCrlLastUpdateField),
        way.case("beginning that is no time", way.list().since("25XX01000000Z"), Verdict::ErrorInCrlLastUpdateField),
        way.case("end with an offset", way.list().until("20990101000000+0100"), Verdict::ErrorInCrlNextUpdateField),
    ]
}

fn issuers() -> Vec<Case> {
    let way = Way::new();
    let impostor = root("middle");
    let mut narrow = authority_parameters("middle");
    narrow.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let narrow = Way::with(narrow, parameters("localhost"));
    let identifier = |number: u8| authority_key(&[&element(0x80, &[&[number; 20]])]);
    let serial = element(0x82, &[&serial_of(way.middle.der())]);
    let named = |authority: &Authority| element(0xa1, &[&element(0xa4, &[&name_of(authority)])]);
    vec![
        way.case_of(
            "signed by another of the name",
            vec![way.good(), way.list().signed_by(&impostor)],
            Verdict::CrlSignatureFailure,
        ),
        way.case_of(
            "revoking, signed by another of the name",
            vec![way.good(), way.revoking().signed_by(&impostor)],
            Verdict::CertRevoked,
        )
        .since(Verdict::CrlSignatureFailure),
        narrow.case("an issuer that may sign no lists", narrow.list(), Verdict::KeyUsageNoCrlSign),
        way.case("for another key", way.list().with(identifier(7)), Verdict::UnableToGetCrl),
        way.case("for the issuer's certificate", way.list().with(authority_key(&[&named(&way.root), &serial])), None),
        way.case(
            "for another certificate of the issuer",
            way.list().with(authority_key(&[&named(&way.root), &element(0x82, &[&[1]])])),
            Verdict::UnableToGetCrl,
        ),
        way.case(
            "for a certificate of another issuer",
            way.list().with(authority_key(&[&named(&impostor), &serial])),
            Verdict::UnableToGetCrl,
        ),
    ]
}

fn scopes() -> Vec<Case> {
    const USERS: &[u8] = &[0x81, 1, 0xff];
    const AUTHORITIES: &[u8] = &[0x82, 1, 0xff];
    let way = Way::new();
    let limited = |fields: &[&[u8]]| way.list().with(issuing_point(fields));
    let good = way.list().signed_by(&way.middle);
    let of_root =
        |fields: &[&[u8]]| vec![List::of(&way.root).with(issuing_point(fields)).signed_by(&way.root), good.clone()];
    let outside = |case: Case| case.since(Verdict::DifferentCrlScope);
    vec![
        way.case("limited to users, for one", limited(&[USERS]), None),
        outside(way.case_of("limited to users, for an authority", of_root(&[USERS]), Verdict::UnableToGetCrl)),
        way.case_of("limited to authorities, for one", of_root(&[AUTHORITIES]), None),
        outside(way.case("limited to authorities, for a user", limited(&[AUTHORITIES]), Verdict::UnableToGetCrl)),
        outside(way.case("limited to attributes", limited(&[&[0x85, 1, 0xff]]), Verdict::UnableToGetCrl)),
        way.case("limited twice", limited(&[USERS, AUTHORITIES]), Verdict::UnableToGetCrl),
        way.case("limited to some reasons", limited(&[&[0x83, 2, 1, 0x40]]), Verdict::UnableToGetCrl),
        way.case("indirect", limited(&[&[0x84, 1, 0xff]]), Verdict::UnableToGetCrl),
        way.case("limited to users, and not to authorities", limited(&[USERS, &[0x82, 1, 0]]), None),
        outside(way.case("of a point, for none", limited(&[&point_name("http://a.test/")]), Verdict::UnableToGetCrl)),
    ]
}

fn points() -> Vec<Case> {
    let point = |fields: &[&[u8]]| element(0x30, fields);
    let (one, other) = (point_name("http://a.test/"), point_name("http://b.test/"));
    let common_name = |text: &str| element(0x30, &[&[6, 3, 0x55, 4, 3], &element(0x0c, &[text.as_bytes()])]);
    let relative = |text: &str| element(0xa0, &[&element(0xa1, &[&common_name(text)])]);
    let directory = |names: &[&str]| {
        let sets: Vec<_> = names.iter().map(|text| element(0x31, &[&common_name(text)])).collect();
        element(0xa0, &[&element(0xa0, &[&element(0xa4, &[&element(0x30, &[&sets.concat()])])])])
    };
    let in_one = Way::with_points(&[&point(&[&one])]);
    let in_both = Way::with_points(&[&point(&[&other]), &point(&[&one])]);
    let by_name = Way::with_points(&[&point(&[&relative("part")])]);
    let by_other_issuer =
        Way::with_points(&[&point(&[&one, &element(0xa2, &[&element(0xa4, &[&name_of(&in_one.root)])])])]);
    let for_reasons = Way::with_points(&[&point(&[&one, &[0x81, 2, 1, 0x40]])]);
    let of = |way: &Way, name: &[u8]| way.list().with(issuing_point(&[name]));
    let outside = |case: Case| case.since(Verdict::DifferentCrlScope);
    let unnamed = Way::new();
    vec![
        in_one.case("of the point", of(&in_one, &one), None),
        in_one.case(
            "of the point, revoking",
            of(&in_one, &one).revoking(&serial_of(&in_one.leaf)),
            Verdict::CertRevoked,
        ),
        outside(in_one.case("of another point", of(&in_one, &other), Verdict::UnableToGetCrl)),
        in_one.case("of no point", in_one.list(), None),
        in_both.case("of one of the points", of(&in_both, &one), None),
        by_name.case("of a point that goes on from the issuer", of(&by_name, &relative("PART")), None),
        by_name.case("of a point that is the same in full", of(&by_name, &directory(&["middle", "part"])), None),
        outside(by_name.case("of a point that is not", of(&by_name, &directory(&["part"])), Verdict::UnableToGetCrl)),
        outside(by_name.case("of a point with an address", of(&by_name, &one), Verdict::UnableToGetCrl)),
        outside(by_other_issuer.case(
            "of a point of another issuer",
            of(&by_other_issuer, &one),
            Verdict::UnableToGetCrl,
        )),
        for_reasons.case("of a point for some reasons", of(&for_reasons, &one), Verdict::UnableToGetCrl),
        unnamed.case("of all points, for none", unnamed.list(), None),
    ]
}

fn extensions() -> Vec<Case> {
    let way = Way::new();
    let serial = serial_of(&way.leaf);
    let unknown = |critical| extension(99, critical, &[5, 0]);
    let of_issuer = |authority: &Authority| certificate_issuer(&name_of(authority));
    let entries = |first: &Authority| way.list().revoking_with(&[1], &[&of_issuer(first)]).revoking(&serial);
    vec![
        way.case("an unknown extension", way.list().with(unknown(false)), None),
        way.case("an unknown critical one", way.list().with(unknown(true)), Verdict::UnhandledCriticalCrlExtension),
        way.case(
            "an unknown critical one of another entry",
            way.list().revoking_with(&[1], &[&unknown(true)]),
            Verdict::UnhandledCriticalCrlExtension,
        ),
        way.case("an unknown critical one, revoking", way.revoking().with(unknown(true)), Verdict::CertRevoked)
            .since(Verdict::UnhandledCriticalCrlExtension),
        way.case("entries of another issuer", entries(&way.root), None),
        way.case("entries of the issuer", entries(&way.middle), Verdict::CertRevoked),
        way.case(
            "entries of either",
            way.list()
                .revoking_with(&serial, &[&of_issuer(&way.root)])
                .revoking_with(&serial, &[&of_issuer(&way.middle)]),
            Verdict::CertRevoked,
        ),
    ]
}

/// Several lists of one issuer: which counts?
fn choices() -> Vec<Case> {
    let way = Way::new();
    let all = |lists: &[List]| {
        let signed = lists.iter().map(|list| list.signed_by(&way.middle));
        [way.good()].into_iter().chain(signed).collect::<Vec<_>>()
    };
    let (clean, revoking) = (way.list(), way.revoking());
    let newer = |list: &List| list.clone().since("250601000000Z");
    let expired = |list: &List| newer(list).until("250701000000Z");
    let elsewhere = |list: &List| newer(list).with(issuing_point(&[&point_name("http://a.test/")]));
    let odd = |list: &List| newer(list).with(extension(99, true, &[5, 0]));
    vec![
        way.case_of("the newer is clean", all(&[newer(&clean), revoking.clone()]), None),
        way.case_of("the newer is clean and last", all(&[revoking.clone(), newer(&clean)]), None),
        way.case_of("the newer revokes", all(&[clean.clone(), newer(&revoking)]), Verdict::CertRevoked),
        way.case_of("the first of two of an age", all(&[clean.clone(), revoking.clone()]), None),
        way.case_of("the expired revokes", all(&[expired(&revoking), clean.clone()]), None),
        way.case_of("the one out of scope revokes", all(&[elsewhere(&revoking), clean.clone()]), None),
        way.case_of("the one that is not understood revokes", all(&[odd(&revoking), clean.clone()]), None),
        way.case_of("expired before not understood", all(&[odd(&clean), expired(&clean)]), Verdict::CrlHasExpired),
        way.case_of(
            "the one for another key is newer",
            all(&[revoking, newer(&clean).with(authority_key(&[&element(0x80, &[&[7; 20]])]))]),
            Verdict::CertRevoked,
        ),
    ]
}

/// Chains of other shapes.
fn chains() -> Vec<Case> {
    let way = Way::new();
    let own = way.good();
    let by_middle = way.list().signed_by(&way.middle);
    let by_stranger = way.list().signed_by(&root("stranger"));
    let alone = |case: Case| Case { chain: vec![way.root.der().to_vec()], ..case };
    let partial = |case: Case| Case { trusted: way.middle.der().to_vec(), may_be_partial: true, ..case };
    let untrusted = |case: Case| Case { trusted: root("stranger").der().to_vec(), ..case };
    vec![
        alone(way.case_of("a root alone", vec![own.clone()], None)),
        alone(way.case_of("a root alone without its list", vec![by_middle.clone()], Verdict::UnableToGetCrl)),
        partial(way.case_of(
            "the end of a partial chain has no list",
            vec![by_middle.clone()],
            Verdict::UnableToGetCrl,
        )),
        // The list would have to be signed by the certificate that it is about.
        partial(way.case_of(
            "the end of a partial chain",
            vec![own.clone(), by_middle.clone()],
            Verdict::CrlSignatureFailure,
        )),
        untrusted(way.case_of("an issuer that is unknown", vec![own.clone(), by_middle], Verdict::CrlSignatureFailure))
            .since(Verdict::UnableToGetIssuerCertLocally),
        way.case_of("a list of a stranger", vec![own, by_stranger], Verdict::CrlSignatureFailure),
    ]
}

tests! {
    fn lists_are_judged() {
        for case in cases() {
            assert_eq!(case.judge(), case.verdict, "{}", case.name);
        }
    }

    fn a_judgement_holds_as_long_as_it_says() {
        /// 1950, and 2100: before and after everything.
        const TIMES: [i64; 2] = [-631_152_000, 4_102_444_800];
        let (mut changes, mut spans) = (0, 0);
        for case in cases() {
            let mut now = TIMES[0];
            let mut judgement = case.judge_at(now);
            while judgement.until < TIMES[1] {
                assert!(judgement.until > now, "{}", case.name);
                for later in [now + (judgement.until - now) / 2, judgement.until - 1] {
                    let again = case.judge_at(later);
                    assert_eq!((again.verdict, again.chain), (judgement.verdict, judgement.chain.clone()), "{}", case.name);
                }
                now = judgement.until;
                let next = case.judge_at(now);
                changes += usize::from(next.verdict != judgement.verdict);
                spans += 1;
                judgement = next;
            }
            assert_eq!(case.judge_at(TIMES[1]).verdict, judgement.verdict, "{}", case.name);
        }
        // It is not that nothing ever changes, nor that every time is taken for an end.
        assert!(changes > 2 * cases().len() && spans < 20 * cases().len(), "{changes} of {spans}");
    }

    fn without_lists_nothing_is_looked_up() {
        let way = Way::new();
        assert_eq!(way.case_of("no lists", vec![], None).judge(), None);
    }

    fn changes_alone_are_no_list() {
        let way = Way::new();
        let changes = |list: List| list.with(delta()).with(extension(20, false, &[2, 1, 2]));
        assert_eq!(way.case("alone", changes(way.list()), None).judge(), Some(Verdict::UnableToGetCrl));
        assert_eq!(way.case("alone, revoking", changes(way.revoking()), None).judge(), Some(Verdict::UnableToGetCrl));
        let newer = changes(way.list().since("250601000000Z")).signed_by(&way.middle);
        let lists = vec![way.good(), way.revoking().signed_by(&way.middle), newer];
        assert_eq!(way.case_of("beside a whole one", lists, None).judge(), Some(Verdict::CertRevoked));
    }

    fn what_is_signed_must_say_the_algorithm_of_the_signature() {
        let way = Way::new();
        let list = List { algorithm: ECDSA_WITH_SHA384, ..way.list() };
        assert_eq!(way.case("algorithm", list, None).judge(), Some(Verdict::CrlSignatureFailure));
    }

    fn a_number_has_one_form() {
        let way = Way::new();
        let mut store = TrustStore::default();
        assert!(store.add_revocation_list(&way.list().revoking(&[5]).signed_by(&way.middle)).is_ok());
        assert!(store.add_revocation_list(&way.list().revoking(&[0, 0, 5]).signed_by(&way.middle)).is_err());
    }

    fn a_reason_that_can_not_be_read_revokes() {
        let way = Way::new();
        let list = way.list().revoking_with(&serial_of(&way.leaf), &[&extension(21, false, &[5, 0])]);
        assert_eq!(way.case("reason", list, None).judge(), Some(Verdict::CertRevoked));
    }

    fn limits_that_can_not_be_read_are_not_passed_over() {
        let way = Way::new();
        let point = issuing_point(&[&[0x81, 1, 0xff]]);
        for extensions in [vec![extension(28, true, &[5, 0])], vec![point.clone(), point]] {
            let list = List { extensions, ..way.list() };
            assert_eq!(way.case("limits", list, None).judge(), Some(Verdict::UnhandledCriticalCrlExtension));
        }
    }

    fn a_certificate_with_points_that_can_not_be_read_is_of_nobody() {
        let way = Way::with_points(&[&[5, 0]]);
        assert_eq!(way.case_of("no lists", vec![], None).judge(), Some(Verdict::UnableToVerifyLeafSignature));
    }

    fn a_list_is_read_whole() {
        let way = Way::new();
        let list = way.revoking().with(issuing_point(&[&point_name("http://a.test/")]));
        let list = list.revoking_with(&[1], &[&reason(1), &certificate_issuer(&name_of(&way.root))]);
        let der = list.signed_by(&way.middle);
        let add = |der: &[u8]| TrustStore::default().add_revocation_list(der);
        assert!(add(&der).is_ok());
        assert!(add(&[&der[..], &[0]].concat()).is_err());
        for length in 0..der.len() {
            assert!(add(&der[..length]).is_err());
        }
        for index in 0..der.len() {
            for flipped in [0xff, 0x01, 0x80] {
                let mut changed = der.clone();
                changed[index] ^= flipped;
                let case = way.case_of("changed", vec![way.good(), changed], None);
                if add(&case.lists[1]).is_ok() {
                    let _ = case.judge();
                }
            }
        }
        let broken = List { this_update: vec![5, 0], ..way.list() };
        assert!(add(&broken.signed_by(&way.middle)).is_err());
        let broken = List { entries: vec![vec![0x30, 0]], ..way.list() };
        assert!(add(&broken.signed_by(&way.middle)).is_err());
    }

    fn a_long_list_is_looked_into() {
        let way = Way::new();
        let mut list = way.revoking();
        let revoked = list.entries.clone();
        // In no order, as some issuers have it; and without zeros in front.
        let others = (1u32..100_000).map(|number| (number.wrapping_mul(2_654_435_761) >> 1 | 1 << 30).to_be_bytes());
        list.entries = others.flat_map(|serial| way.list().revoking(&serial).entries).chain(revoked).collect();
        assert_eq!(way.case("long", list.clone(), None).judge(), Some(Verdict::CertRevoked));
        list.entries.pop();
        assert_eq!(way.case("long", list, None).judge(), None);
    }

    fn lists_come_in_pem_and_der() {
        let (one, other) = (root("one"), root("other"));
        let (one, other) = (List::of(&one).signed_by(&one), List::of(&other).signed_by(&other));
        let both = format!("text\n{}{}", in_pem(&one), in_pem(&other));
        assert_eq!(pem::revocation_lists(both.as_bytes()), Ok(vec![one.clone(), other]));
        assert_eq!(pem::revocation_lists(&one), Ok(vec![one.clone()]));

        let add = |bytes: &[u8]| SecureContext::new(true, true).add_revocation_lists(bytes);
        assert_eq!(add(both.as_bytes()), Ok(()));
        let no_list = in_pem(&one).replace("X509 CRL", "CERTIFICATE");
        let no_end = both.replace("-----END", "");
        let broken = in_pem(&[0x30, 0]);
        for bytes in [&b""[..], b"garbage", &[0x30, 3, 2, 1, 1], no_list.as_bytes(), no_end.as_bytes(), broken.as_bytes()] {
            let error = add(bytes).unwrap_err();
            assert!(error.to_string().starts_with("crl:"), "{error}");
        }
    }
}

fn in_pem(der: &[u8]) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut base64 = String::new();
    for three in der.chunks(3) {
        let bits = three.iter().fold(0, |bits, octet| bits << 8 | u32::from(*octet)) << (8 * (3 - three.len()));
        for place in 0..4 {
            let digit = ALPHABET[(bits >> (18 - 6 * place)) as usize & 63];
            base64.push(if place > three.len() { '=' } else { char::from(digit) });
        }
    }
    format!("-----BEGIN X509 CRL-----\n{base64}\n-----END X509 CRL-----\n")
}
