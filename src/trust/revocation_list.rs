//! A revocation list (RFC 5280, 5), read once and looked into often: of its entries, which may be a hundred thousand, only places in
//! the DER are kept, in the order of the serial numbers.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use super::moment::Moment;
use super::signature::{SignatureProblem, verify_signed};
use super::verdict::Verdict;
use crate::certificate::distribution_point::IssuingPoint;
use crate::certificate::extension::{Extension, oid};
use crate::certificate::{AuthorityKey, Certificate, Element, Malformed, PublicKey, Tag, name, significant};

/// The code of a reason that is none: the certificate is not revoked any more (5.3.1).
const REMOVE_FROM_CRL: &[u8] = &[8];

/// One list.
#[derive(Debug)]
pub struct RevocationList {
    der: Vec<u8>,
    /// Where the signature's algorithm is, where it is signed.
    algorithm: Place,
    /// The issuer's name in the form in which names are compared.
    pub(super) issuer: Vec<u8>,
    /// Start of validity, in seconds since 1970; an unreadable one is no reason to refuse the list, but to trust nothing by it.
    pub(super) this_update: Result<i64, Malformed>,
    /// End of validity, if there is one.
    next_update: Option<Result<i64, Malformed>>,
    /// Where the authority key identifier is.
    authority_key: Option<Range<usize>>,
    /// What the list is limited to.
    pub(super) point: Option<IssuingPoint>,
    /// Whether it only tells what has changed since another.
    pub(super) is_delta: bool,
    /// Whether a critical extension, of the list or of an entry, is not understood here.
    pub(super) has_unknown_critical: bool,
    entries: Vec<Entry>,
    /// A key, and whether it has been found to have signed the list.
    asked: Mutex<Option<(Vec<u8>, bool)>>,
}

/// One revoked certificate, as places in the DER.
#[derive(Debug)]
struct Entry {
    serial: Place,
    /// The `GeneralNames` of its issuer, where it is not that of the list.
    issuer: Option<Place>,
    is_removed: bool,
}

/// A range that takes little room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    start: u32,
    length: u32,
}

/// What an entry's extensions say.
struct EntryExtensions<'a> {
    issuer: Option<&'a [u8]>,
    is_removed: bool,
    has_unknown_critical: bool,
}

impl RevocationList {
    /// Read a list. Bytes after it are malformed.
    pub fn parse(der: &[u8]) -> Result<Self, Malformed> {
        let der = der.to_vec();
        let [signed, _, _] = parts(&der)?;
        let fields = signed.children(Tag::SEQUENCE)?;
        // The version says nothing that the fields do not say.
        let fields = match &fields[..] {
            [version, fields @ ..] if version.tag == Tag::INTEGER => fields,
            fields => fields,
        };
        let [algorithm, issuer, this_update, optional @ ..] = fields else {
            return Err(Malformed);
        };
        algorithm.expect(Tag::SEQUENCE)?;
        let issuer = issuer.contents(Tag::SEQUENCE)?;
        let (next_update, optional) = split_first(optional, is_time);
        let (entries, optional) = split_first(optional, |field| field.tag == Tag::SEQUENCE);
        let (extensions, optional) = split_first(optional, |field| field.tag == Tag::context(0));
        if !is_time(this_update) || !optional.is_empty() {
            return Err(Malformed);
        }

        let mut list = Self {
            der: Vec::new(),
            algorithm: Place::of(algorithm.bytes, &der)?,
            issuer: name::canonical(issuer)?,
            this_update: this_update.time(),
            next_update: next_update.map(Element::time),
            authority_key: None,
            point: None,
            is_delta: false,
            has_unknown_critical: false,
            entries: Vec::new(),
            asked: Mutex::default(),
        };
        if let Some(field) = extensions {
            list.take_extensions(&der, field, issuer)?;
        }
        if let Some(field) = entries {
            list.take_entries(&der, field.value)?;
        }
        list.entries.sort_by(|one, other| serial_at(&der, one.serial).cmp(serial_at(&der, other.serial)));
        list.der = der;
        Ok(list)
    }

    fn take_extensions(&mut self, der: &[u8], field: &Element<'_>, issuer: &[u8]) -> Result<(), Malformed> {
        let [extensions] = field.children(Tag::context(0))?[..] else {
            return Err(Malformed);
        };
        for Extension { id, critical, value } in Extension::read_all(&extensions)? {
            match id {
                oid::AUTHORITY_KEY_IDENTIFIER => self.authority_key = Some(Place::of(value, der)?.range()),
                oid::DELTA_CRL_INDICATOR => self.is_delta = true,
                // The limits of a list must be understood: one that is not would be taken for one without.
                oid::ISSUING_DISTRIBUTION_POINT => match IssuingPoint::read(value, issuer) {
                    Ok(point) if self.point.is_none() => self.point = Some(point),
                    _ => self.has_unknown_critical = true,
                },
                _ => self.has_unknown_critical |= critical,
            }
        }
        Ok(())
    }

    fn take_entries(&mut self, der: &[u8], mut rest: &[u8]) -> Result<(), Malformed> {
        // "If this extension is not present on the first entry in an indirect CRL, the certificate issuer defaults to the CRL
        // issuer. On subsequent entries [...] the certificate issuer for the entry is the same as that for the preceding entry."
        // (5.3.3)
        let mut issuer = None;
        while !rest.is_empty() {
            let entry = Element::first(rest)?;
            rest = &rest[entry.bytes.len()..];
            let parts = entry.children(Tag::SEQUENCE)?;
            let [serial, date, extensions @ ..] = &parts[..] else {
                return Err(Malformed);
            };
            if !is_time(date) {
                return Err(Malformed);
            }
            let extensions = EntryExtensions::read(extensions)?;
            if let Some(names) = extensions.issuer {
                issuer = Some(Place::of(names, der)?);
            }
            self.has_unknown_critical |= extensions.has_unknown_critical;
            self.entries.push(Entry {
                serial: Place::of(significant(serial.integer()?), der)?,
                issuer,
                is_removed: extensions.is_removed,
            });
        }
        Ok(())
    }

    /// Why its time is not now.
    pub(super) fn time_verdicts(&self, moment: &Moment) -> Vec<Verdict> {
        let begins = match self.this_update {
            Ok(begin) => (!moment.has_reached(begin)).then_some(Verdict::CrlNotYetValid),
            Err(Malformed) => Some(Verdict::ErrorInCrlLastUpdateField),
        };
        let ends = match self.next_update {
            Some(Ok(end)) => moment.has_reached(end).then_some(Verdict::CrlHasExpired),
            Some(Err(Malformed)) => Some(Verdict::ErrorInCrlNextUpdateField),
            None => None,
        };
        begins.into_iter().chain(ends).collect()
    }

    /// Whether the list says that its issuer may be the holder of a key: all that it says fits. A root of which only the name is
    /// known fits by that.
    pub(super) fn names_key_of(&self, issuer: Option<&Certificate<'_>>) -> bool {
        let (Some(place), Some(issuer)) = (&self.authority_key, issuer) else {
            return true;
        };
        // As in OpenSSL, what can not be read says nothing: the signature still has to fit.
        AuthorityKey::read(&self.der[place.clone()]).unwrap_or_default().fits(issuer)
    }

    /// Whether the holder of a key signed it. A list may be long: what has been found out of the last key is known.
    pub(super) fn is_signed_by(&self, key: &PublicKey<'_>) -> bool {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((last, is_signer)) = &*asked
            && last == key.contents
        {
            return *is_signer;
        }
        let is_signer = self.verify(key).is_ok();
        *asked = Some((key.contents.to_vec(), is_signer));
        is_signer
    }

    fn verify(&self, key: &PublicKey<'_>) -> Result<(), SignatureProblem> {
        let [signed, algorithm, signature] = parts(&self.der).map_err(|_| SignatureProblem::Invalid)?;
        // What is signed must say the same.
        if algorithm.bytes != &self.der[self.algorithm.range()] {
            return Err(SignatureProblem::Invalid);
        }
        let algorithm = algorithm.contents(Tag::SEQUENCE).map_err(|_| SignatureProblem::Invalid)?;
        verify_signed(signed.bytes, algorithm, signature.bit_string().map_err(|_| SignatureProblem::Invalid)?, key)
    }

    /// Whether it revokes the certificate with a serial number (the contents of its INTEGER) of an issuer.
    pub(super) fn revokes(&self, serial: &[u8], issuer: &[u8]) -> bool {
        let serial = significant(serial);
        let first = self.entries.partition_point(|entry| serial_at(&self.der, entry.serial) < serial);
        let same = self.entries[first..].iter().take_while(|entry| serial_at(&self.der, entry.serial) == serial);
        // Many entries may be of one issuer, who may have many names.
        let mut asked = None;
        let mut same = same.filter(|entry| match asked {
            Some((place, is_it)) if place == entry.issuer => is_it,
            _ => asked.insert((entry.issuer, self.is_of_issuer(entry.issuer, issuer))).1,
        });
        same.next().is_some_and(|entry| !entry.is_removed)
    }

    fn is_of_issuer(&self, place: Option<Place>, issuer: &[u8]) -> bool {
        let Some(place) = place else {
            return self.issuer == issuer;
        };
        let names = Element::first(&self.der[place.range()]).and_then(|names| names.children(Tag::SEQUENCE));
        let names = names.unwrap_or_default();
        names
            .iter()
            .filter_map(Element::directory_name)
            .any(|directory| name::canonical(directory).as_deref() == Ok(issuer))
    }
}

impl<'a> EntryExtensions<'a> {
    fn read(field: &[Element<'a>]) -> Result<Self, Malformed> {
        let mut read = Self { issuer: None, is_removed: false, has_unknown_critical: false };
        let list = match field {
            [] => return Ok(read),
            [list] => list,
            _ => return Err(Malformed),
        };
        for Extension { id, critical, value } in Extension::read_all(list)? {
            match id {
                oid::CERTIFICATE_ISSUER => {
                    match Element::first(value).and_then(|names| names.children(Tag::SEQUENCE)) {
                        Ok(_) => read.issuer = Some(value),
                        Err(Malformed) => read.has_unknown_critical = true,
                    }
                }
                oid::CRL_REASON => {
                    // What can not be read is a reason nevertheless.
                    let reason = Element::first(value).and_then(|reason| reason.contents(Tag::ENUMERATED));
                    read.is_removed = reason == Ok(REMOVE_FROM_CRL);
                    read.has_unknown_critical |= critical;
                }
                _ => read.has_unknown_critical |= critical,
            }
        }
        Ok(read)
    }
}

impl Place {
    /// Where a part is in the whole that it was read from.
    fn of(part: &[u8], whole: &[u8]) -> Result<Self, Malformed> {
        let start = (part.as_ptr() as usize).checked_sub(whole.as_ptr() as usize).ok_or(Malformed)?;
        let (Ok(start), Ok(length)) = (u32::try_from(start), u32::try_from(part.len())) else {
            return Err(Malformed);
        };
        Ok(Self { start, length })
    }

    fn range(self) -> Range<usize> {
        let start = self.start as usize;
        start..start + self.length as usize
    }
}

/// `tbsCertList`, `signatureAlgorithm` and `signatureValue`.
fn parts(der: &[u8]) -> Result<[Element<'_>; 3], Malformed> {
    let [list] = Element::read_all(der)?[..] else {
        return Err(Malformed);
    };
    let parts: [Element<'_>; 3] = list.children(Tag::SEQUENCE)?.try_into().map_err(|_| Malformed)?;
    parts[1].expect(Tag::SEQUENCE)?;
    parts[2].bit_string()?;
    Ok(parts)
}

/// The first field, if it is the one that may be left out, and the others.
fn split_first<'e, 'a>(
    fields: &'e [Element<'a>],
    is_it: impl Fn(&Element<'a>) -> bool,
) -> (Option<&'e Element<'a>>, &'e [Element<'a>]) {
    match fields {
        [first, rest @ ..] if is_it(first) => (Some(first), rest),
        fields => (None, fields),
    }
}

fn is_time(field: &Element<'_>) -> bool {
    [Tag::UTC_TIME, Tag::GENERALIZED_TIME].contains(&field.tag)
}

fn serial_at(der: &[u8], place: Place) -> &[u8] {
    &der[place.range()]
}
