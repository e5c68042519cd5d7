//! What revocation lists say of a way, as OpenSSL 3 has it when every certificate is to be checked (crypto/x509/x509_vfy.c,
//! `check_revocation`) and nothing is asked of it beyond (no X509_V_FLAG_EXTENDED_CRL_SUPPORT, no X509_V_FLAG_USE_DELTAS). Lists of
//! changes are of no use then; OpenSSL took them for whole ones before 3.5.

use std::sync::Arc;

use super::moment::Moment;
use super::revocation_list::RevocationList;
use super::verdict::Verdict;
use crate::certificate::distribution_point::{ALL_REASONS, DistributionPoint};
use crate::certificate::{Certificate, Malformed, PublicKey};

/// One stop of a way: a certificate, or the root at its end of which only name and key are known.
#[derive(Debug)]
pub(super) struct Stop<'w, 'a> {
    /// The certificate, if it is known.
    pub certificate: Option<&'w Certificate<'a>>,
    /// Its name in the form in which names are compared.
    pub name: &'w [u8],
    /// Its issuer's.
    pub issuer: &'w [u8],
    /// Its key.
    pub key: Result<PublicKey<'a>, Malformed>,
}

impl<'w, 'a> From<&'w Certificate<'a>> for Stop<'w, 'a> {
    fn from(certificate: &'w Certificate<'a>) -> Self {
        Self {
            certificate: Some(certificate),
            name: &certificate.subject_canonical,
            issuer: &certificate.issuer_canonical,
            key: Ok(certificate.public_key),
        }
    }
}

impl Stop<'_, '_> {
    fn is_authority(&self) -> bool {
        self.certificate
            .is_none_or(|certificate| certificate.extensions.basic_constraints.is_some_and(|limits| limits.ca))
    }

    fn may_sign_lists(&self) -> bool {
        self.certificate.is_none_or(|certificate| certificate.extensions.may_sign_revocation_lists())
    }

    fn is_revoked_by(&self, list: &RevocationList) -> bool {
        self.certificate.is_some_and(|certificate| list.revokes(certificate.serial_number, self.issuer))
    }

    fn points(&self) -> &[DistributionPoint] {
        self.certificate.map_or(&[], |certificate| &certificate.extensions.distribution_points)
    }
}

/// How well a list fits a certificate. What comes first counts most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Fitness {
    is_understood: bool,
    is_in_scope: bool,
    is_timely: bool,
    is_of_issuer: bool,
}

/// A list that fits a certificate.
struct Choice<'l> {
    list: &'l RevocationList,
    fitness: Fitness,
    /// The place of the list's issuer on the way.
    issuer: usize,
    /// The reasons that have been looked into with this one.
    reasons: u16,
}

/// Every complaint about a way (leaf first), in OpenSSL's order. No list at all means that none are wanted.
pub(super) fn complaints(lists: &[Arc<RevocationList>], way: &[Stop<'_, '_>], moment: &Moment) -> Vec<Verdict> {
    let mut complaints = Vec::new();
    if lists.is_empty() {
        return complaints;
    }
    for depth in 0..way.len() {
        let mut reasons = 0;
        while reasons != ALL_REASONS {
            let Some(choice) = choose(lists, way, depth, reasons, moment) else {
                complaints.push(Verdict::UnableToGetCrl);
                break;
            };
            complain_about(&choice, way, depth, moment, &mut complaints);
            // What tells nothing new would be chosen for ever.
            if choice.reasons == reasons {
                complaints.push(Verdict::UnableToGetCrl);
                break;
            }
            reasons = choice.reasons;
        }
    }
    complaints
}

/// The list that fits best, of equals the newest.
fn choose<'l>(
    lists: &'l [Arc<RevocationList>],
    way: &[Stop<'_, '_>],
    depth: usize,
    reasons: u16,
    moment: &Moment,
) -> Option<Choice<'l>> {
    let points = way[depth].points();
    let mut best: Option<Choice<'l>> = None;
    for list in lists {
        let Some(choice) = fit(list, way, depth, points, reasons, moment) else {
            continue;
        };
        let is_better = best.as_ref().is_none_or(|best| {
            choice.fitness > best.fitness || (choice.fitness == best.fitness && is_newer(list, best.list))
        });
        if is_better {
            best = Some(choice);
        }
    }
    best
}

fn is_newer(list: &RevocationList, other: &RevocationList) -> bool {
    matches!((list.this_update, other.this_update), (Ok(one), Ok(other)) if one > other)
}

/// How a list fits, if it does.
fn fit<'l>(
    list: &'l RevocationList,
    way: &[Stop<'_, '_>],
    depth: usize,
    points: &[DistributionPoint],
    reasons: u16,
    moment: &Moment,
) -> Option<Choice<'l>> {
    let point = list.point.as_ref();
    if list.is_delta
        || list.issuer != way[depth].issuer
        || point.is_some_and(|point| point.needs_more || !point.is_valid())
    {
        return None;
    }

    // The issuer is the next on the way, or a later one of its name. The last issues for itself.
    let next = (depth + 1).min(way.len() - 1);
    let mut others = (next + 1..way.len()).filter(|place| way[*place].name == list.issuer);
    let is_issuer = |place: &usize| list.names_key_of(way[*place].certificate);
    let issuer = Some(next).filter(is_issuer).or_else(|| others.find(is_issuer))?;

    let told = reasons_told(list, &way[depth], points);
    if told.is_some_and(|told| told & !reasons == 0) {
        return None;
    }
    let fitness = Fitness {
        is_understood: !list.has_unknown_critical,
        is_in_scope: told.is_some(),
        is_timely: list.time_verdicts(moment).is_empty(),
        is_of_issuer: issuer == next,
    };
    Some(Choice { list, fitness, issuer, reasons: reasons | told.unwrap_or(0) })
}

/// The reasons that a list tells of a certificate; `None` if it is not about it.
fn reasons_told(list: &RevocationList, stop: &Stop<'_, '_>, points: &[DistributionPoint]) -> Option<u16> {
    let point = list.point.as_ref();
    if point.is_some_and(|point| !point.has_kind(stop.is_authority())) {
        return None;
    }
    match points.iter().find(|candidate| candidate.is_of(&list.issuer, point)) {
        Some(found) => Some(found.reasons),
        None if point.is_some_and(|point| point.has_names()) => None,
        None => Some(ALL_REASONS),
    }
}

fn complain_about(
    choice: &Choice<'_>,
    way: &[Stop<'_, '_>],
    depth: usize,
    moment: &Moment,
    complaints: &mut Vec<Verdict>,
) {
    let Choice { list, fitness, .. } = choice;
    let issuer = &way[choice.issuer];
    if !issuer.may_sign_lists() {
        complaints.push(Verdict::KeyUsageNoCrlSign);
    }
    if !fitness.is_in_scope {
        complaints.push(Verdict::DifferentCrlScope);
    }
    complaints.extend(list.time_verdicts(moment));
    match &issuer.key {
        Ok(key) if list.is_signed_by(key) => {}
        Ok(_) => complaints.push(Verdict::CrlSignatureFailure),
        Err(Malformed) => complaints.push(Verdict::UnableToDecodeIssuerPublicKey),
    }
    if list.has_unknown_critical {
        complaints.push(Verdict::UnhandledCriticalCrlExtension);
    }
    if way[depth].is_revoked_by(list) {
        complaints.push(Verdict::CertRevoked);
    }
}

#[cfg(test)]
mod tests {
    use rcgen::{
        CertificateParams, CertificateRevocationListParams, CertifiedIssuer, KeyIdMethod, KeyPair, RevokedCertParams,
        SerialNumber, date_time_ymd,
    };

    use super::*;

    /// 2026-01-01
    const NOW: i64 = 1_767_225_600;

    #[test]
    fn a_root_of_which_only_name_and_key_are_known_issues_lists() {
        let key = || KeyPair::generate().expect("a key");
        let root = CertifiedIssuer::self_signed(CertificateParams::default(), key()).expect("a root");
        let mut parameters = CertificateParams::default();
        parameters.serial_number = Some(SerialNumber::from(7));
        let leaf = parameters.signed_by(&key(), &root).expect("a leaf");
        let list = |serial: u64, issuer: &CertifiedIssuer<'_, KeyPair>| {
            let revoked = RevokedCertParams {
                serial_number: SerialNumber::from(serial),
                revocation_time: date_time_ymd(2025, 1, 1),
                reason_code: None,
                invalidity_date: None,
            };
            let parameters = CertificateRevocationListParams {
                this_update: date_time_ymd(2025, 1, 1),
                next_update: date_time_ymd(2027, 1, 1),
                crl_number: SerialNumber::from(1),
                issuing_distribution_point: None,
                revoked_certs: vec![revoked],
                key_identifier_method: KeyIdMethod::Sha256,
            };
            let der = parameters.signed_by(issuer).expect("a list");
            vec![Arc::new(RevocationList::parse(der.der()).expect("a list that can be read"))]
        };

        let (root_read, leaf) = (Certificate::parse(root.der()), Certificate::parse(leaf.der()));
        let (root_read, leaf) = (root_read.expect("a root"), leaf.expect("a leaf"));
        let name = root_read.subject_canonical.as_slice();
        let way = [Stop::from(&leaf), Stop { certificate: None, name, issuer: name, key: Ok(root_read.public_key) }];
        let impostor = CertifiedIssuer::self_signed(CertificateParams::default(), key()).expect("a root");
        assert_eq!(complaints(&list(8, &root), &way, &Moment::new(NOW)), []);
        assert_eq!(complaints(&list(7, &root), &way, &Moment::new(NOW)), [Verdict::CertRevoked]);
        assert_eq!(complaints(&list(8, &impostor), &way, &Moment::new(NOW)), [Verdict::CrlSignatureFailure; 2]);
        let unreadable = Stop { certificate: None, name, issuer: name, key: Err(Malformed) };
        assert_eq!(
            complaints(&list(8, &root), &[unreadable], &Moment::new(NOW)),
            [Verdict::UnableToDecodeIssuerPublicKey]
        );
    }
}
