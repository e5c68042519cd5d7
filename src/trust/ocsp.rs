//! OCSP responses (RFC 6960) as servers staple them: whether one says that a certificate has not been revoked.
//!
//! It may be signed by the issuer of the certificate, or by whom the issuer has certified for that (4.2.2.2). Whether the latter's
//! certificate has been revoked is not asked: who could say so is the same issuer. The work is bounded: three signatures are
//! checked at the most, and all else is one reading of what fits into a handshake message.

use super::judgement::Judgement;
use super::moment::Moment;
use super::signature::{verify_certificate, verify_signed};
use super::verdict::Verdict;
use crate::certificate::extension::{Extension, oid};
use crate::certificate::{
    Certificate, Element, Malformed, PublicKey, SignatureAlgorithm, Tag, name, sequence, significant,
};
use crate::crypto::{Digest, digest};

/// How far the clocks of a responder and of ours may be apart, in seconds: what OpenSSL allows.
const SKEW: i64 = 300;

/// For how long a response counts that does not say when the next one comes, in seconds.
const LONGEST_AGE: i64 = 24 * 60 * 60;

/// What keys and signatures must be worth, in bits.
const LEAST_STRENGTH: u16 = 112;

/// The contents of `OCSPResponseStatus` and of `Version` that are read here: successful (4.2.1), v1 with its tag.
const SUCCESSFUL: &[u8] = &[0];
const VERSION_1: &[u8] = &[0x02, 0x01, 0x00];

/// What a client makes of a server's staple.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StaplePolicy {
    /// Nothing, as Node.
    Ignore,
    /// One that is there must be good, and it must be there if the certificate says that it will (RFC 7633).
    Verify,
    /// A good one must be there.
    Require,
}

impl Judgement {
    /// Judge the staple of a chain that is good otherwise. Gives until when it is good, in seconds since 1970, if there is one.
    pub fn judge_staple(&mut self, policy: StaplePolicy, staple: Option<&[u8]>, now: i64) -> Option<i64> {
        if self.verdict.is_some() || policy == StaplePolicy::Ignore {
            return None;
        }
        // What can not be read proves nothing.
        let judged = self.staple_verdict(policy, staple, now).unwrap_or(Err(Verdict::OcspVerifyFailed));
        self.verdict = judged.err();
        judged.ok().flatten()
    }

    fn staple_verdict(
        &self,
        policy: StaplePolicy,
        staple: Option<&[u8]>,
        now: i64,
    ) -> Result<Result<Option<i64>, Verdict>, Malformed> {
        let leaf = Certificate::parse(self.chain.first().ok_or(Malformed)?)?;
        let Some(staple) = staple else {
            let is_wanted = policy == StaplePolicy::Require || leaf.extensions.requires_staple();
            return Ok(if is_wanted { Err(Verdict::OcspVerifyNeeded) } else { Ok(None) });
        };
        let issuer = match (self.chain.get(1), &self.root) {
            (Some(der), _) => Certificate::parse(der)?.public_key,
            (None, Some(root)) => PublicKey::parse(root.subject_public_key_info.as_ref())?,
            (None, None) if leaf.is_self_signed() => leaf.public_key,
            // Trusted as it is: nobody above it is known.
            (None, None) => return Ok(Err(Verdict::OcspVerifyFailed)),
        };
        let subject = Subject { leaf: &leaf, issuer };
        let response = Response::parse(staple)?;
        if !response.is_authentic(&subject, now) {
            return Ok(Err(Verdict::OcspVerifyFailed));
        }
        Ok(response.verdict_on(&subject, now)?.map(Some))
    }
}

/// Whether a signature of an algorithm, made with a key, counts, whatever security level the context has.
fn is_strong(algorithm: &[u8], key: &PublicKey<'_>) -> bool {
    let signature = SignatureAlgorithm::read(algorithm).map_or(0, |known| known.strength);
    signature.min(key.strength()) >= LEAST_STRENGTH
}

/// Who is asked about.
struct Subject<'a> {
    leaf: &'a Certificate<'a>,
    /// The key of its issuer.
    issuer: PublicKey<'a>,
}

/// A `BasicOCSPResponse`.
struct Response<'a> {
    /// `tbsResponseData`: the bytes that are signed.
    signed: &'a [u8],
    /// The contents of `signatureAlgorithm`.
    algorithm: &'a [u8],
    signature: &'a [u8],
    certificates: Vec<Element<'a>>,
    /// The `ResponderID`.
    responder: Element<'a>,
    responses: Vec<Element<'a>>,
}

impl<'a> Response<'a> {
    fn parse(der: &'a [u8]) -> Result<Self, Malformed> {
        let [response] = only(Element::read_all(der)?)?;
        let [status, bytes] = only(response.children(Tag::SEQUENCE)?)?;
        let [bytes] = only(bytes.children(Tag::context(0))?)?;
        let [kind, basic] = only(bytes.children(Tag::SEQUENCE)?)?;
        if status.contents(Tag::ENUMERATED)? != SUCCESSFUL || kind.object_identifier()? != oid::OCSP_BASIC {
            return Err(Malformed);
        }

        let [basic] = only(Element::read_all(basic.contents(Tag::OCTET_STRING)?)?)?;
        let parts = basic.children(Tag::SEQUENCE)?;
        let [data, algorithm, signature, certificates @ ..] = &parts[..] else {
            return Err(Malformed);
        };
        let certificates = match optional(certificates, 0)? {
            Some(list) => list.children(Tag::SEQUENCE)?,
            None => Vec::new(),
        };

        let fields = data.children(Tag::SEQUENCE)?;
        let fields = match &fields[..] {
            [version, fields @ ..] if version.tag == Tag::context(0) && version.value == VERSION_1 => fields,
            fields => fields,
        };
        let [responder, produced_at, responses, extensions @ ..] = fields else {
            return Err(Malformed);
        };
        produced_at.expect(Tag::GENERALIZED_TIME)?;
        check_extensions(extensions)?;
        Ok(Self {
            signed: data.bytes,
            algorithm: algorithm.contents(Tag::SEQUENCE)?,
            signature: signature.bit_string()?,
            certificates,
            responder: *responder,
            responses: responses.children(Tag::SEQUENCE)?,
        })
    }

    /// Whether the issuer signed it, or the first of the certificates that comes with it and that it names, if that is the issuer's
    /// delegate.
    fn is_authentic(&self, Subject { leaf, issuer }: &Subject<'_>, now: i64) -> bool {
        if self.names(&leaf.issuer_canonical, issuer) && self.is_signed_by(issuer) {
            return true;
        }
        let mut certificates = self.certificates.iter().filter_map(|element| Certificate::parse(element.bytes).ok());
        let named = certificates.find(|signer| self.names(&signer.subject_canonical, &signer.public_key));
        named.is_some_and(|signer| {
            signer.issuer_canonical == leaf.issuer_canonical
                && signer.extensions.may_sign_ocsp_responses()
                && !signer.extensions.has_unknown_critical
                && !signer.extensions.is_malformed
                && Moment::new(now).is_within(&signer)
                && is_strong(signer.signature_algorithm, issuer)
                && verify_certificate(&signer, issuer).is_ok()
                && self.is_signed_by(&signer.public_key)
        })
    }

    /// Whether the `ResponderID` is this name (in the form in which names are compared), or the SHA-1 of this key.
    fn names(&self, subject: &[u8], key: &PublicKey<'_>) -> bool {
        let (by_name, by_key) = (Tag::context(1), Tag::context(2));
        let Ok([id]) = self.responder.children(self.responder.tag).and_then(only) else {
            return false;
        };
        match self.responder.tag {
            tag if tag == by_name => {
                id.contents(Tag::SEQUENCE).and_then(name::canonical).is_ok_and(|name| name == subject)
            }
            tag if tag == by_key => id.contents(Tag::OCTET_STRING).is_ok_and(|id| id == digest(Digest::Sha1, key.bits)),
            _ => false,
        }
    }

    fn is_signed_by(&self, key: &PublicKey<'_>) -> bool {
        is_strong(self.algorithm, key) && verify_signed(self.signed, self.algorithm, self.signature, key).is_ok()
    }

    /// What it says of a certificate: until when it is good. Of several answers about it, the one that revokes it counts, or else the
    /// last.
    fn verdict_on(&self, subject: &Subject<'_>, now: i64) -> Result<Result<i64, Verdict>, Malformed> {
        let mut verdict = Err(Verdict::OcspVerifyFailed);
        for response in &self.responses {
            if let Some(answer) = answer(response, subject, now)? {
                verdict = answer;
            }
            if verdict == Err(Verdict::CertRevoked) {
                break;
            }
        }
        Ok(verdict)
    }
}

/// What a `SingleResponse` says, if it is about the certificate.
fn answer(response: &Element<'_>, subject: &Subject<'_>, now: i64) -> Result<Option<Result<i64, Verdict>>, Malformed> {
    let parts = response.children(Tag::SEQUENCE)?;
    let [id, status, this_update, rest @ ..] = &parts[..] else {
        return Err(Malformed);
    };
    if !is_id_of(id, subject)? {
        return Ok(None);
    }
    let (next_update, extensions) = match rest {
        [next, extensions @ ..] if next.tag == Tag::context(0) => {
            (optional(std::slice::from_ref(next), 0)?, extensions)
        }
        extensions => (None, extensions),
    };
    check_extensions(extensions)?;
    let begin = this_update.expect(Tag::GENERALIZED_TIME)?.time()?;
    let end = match next_update {
        Some(time) => time.expect(Tag::GENERALIZED_TIME)?.time()?,
        None => begin.saturating_add(LONGEST_AGE),
    };
    let (good, revoked, unknown) = (Tag::context_primitive(0), Tag::context(1), Tag::context_primitive(2));
    Ok(Some(match status.tag {
        // What is old says nothing about now; but who has been revoked once stays so.
        tag if tag == good && (begin > now.saturating_add(SKEW) || end.saturating_add(SKEW) < now || begin > end) => {
            Err(Verdict::OcspVerifyFailed)
        }
        tag if tag == good => Ok(end.saturating_add(SKEW)),
        tag if tag == revoked => Err(Verdict::CertRevoked),
        tag if tag == unknown => Err(Verdict::OcspCertUnknown),
        _ => return Err(Malformed),
    }))
}

/// Whether a `CertID` is that of the certificate: the number, and the hashes of its issuer's name and key.
fn is_id_of(id: &Element<'_>, Subject { leaf, issuer }: &Subject<'_>) -> Result<bool, Malformed> {
    let [algorithm, name, key, serial] = only(id.children(Tag::SEQUENCE)?)?;
    if significant(serial.contents(Tag::INTEGER)?) != significant(leaf.serial_number) {
        return Ok(false);
    }
    let algorithm = algorithm.children(Tag::SEQUENCE)?;
    let algorithm = algorithm.first().ok_or(Malformed)?.object_identifier()?;
    let Some(hash) = Digest::named(algorithm) else {
        return Ok(false);
    };
    Ok(name.contents(Tag::OCTET_STRING)? == digest(hash, &sequence(leaf.issuer))
        && key.contents(Tag::OCTET_STRING)? == digest(hash, issuer.bits))
}

/// Extensions say nothing here; one that must be understood leaves nothing to rely on.
fn check_extensions(field: &[Element<'_>]) -> Result<(), Malformed> {
    match optional(field, 1)? {
        Some(list) if Extension::read_all(&list)?.iter().any(|extension| extension.critical) => Err(Malformed),
        _ => Ok(()),
    }
}

/// What is inside of the last field, `[number]`, which may be left out.
fn optional<'a>(field: &[Element<'a>], number: u8) -> Result<Option<Element<'a>>, Malformed> {
    let [field] = field else {
        return if field.is_empty() { Ok(None) } else { Err(Malformed) };
    };
    let [inside] = only(field.children(Tag::context(number))?)?;
    Ok(Some(inside))
}

/// As many elements as there should be.
fn only<const N: usize>(elements: Vec<Element<'_>>) -> Result<[Element<'_>; N], Malformed> {
    elements.try_into().map_err(|_| Malformed)
}
