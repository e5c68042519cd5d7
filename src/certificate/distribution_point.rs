//! Distribution points: the parts into which an issuer divides its revocation lists. A certificate names those that it is in
//! (RFC 5280, 4.2.1.13), a list the one that it is of (5.2.5).

use std::sync::Arc;

use super::der_reader::Fields;
use super::extension::{AlternativeName, alternative_name};
use super::{Element, Malformed, Tag, name};

/// Every reason for which a certificate may be revoked, as the octets of `ReasonFlags`, the first the lowest (4.2.1.13).
pub(crate) const ALL_REASONS: u16 = 0x807f;

/// A `GeneralName` in the form in which it is compared.
type Form = Vec<u8>;

/// One point of a certificate's.
#[derive(Debug, Clone)]
pub struct DistributionPoint {
    names: Option<Vec<PointName>>,
    /// Who issues its lists, if not the certificate's issuer.
    issuers: Option<Vec<Form>>,
    /// The reasons that its lists tell.
    pub reasons: u16,
}

impl DistributionPoint {
    /// Read `cRLDistributionPoints` of a certificate of this issuer (the contents of its name).
    pub fn read_all(extension: &[u8], certificate_issuer: &[u8]) -> Result<Vec<Self>, Malformed> {
        let points = Element::first(extension)?.children(Tag::SEQUENCE)?;
        let issuer = Arc::from(directory_form(&name::canonical(certificate_issuer)?));
        points.iter().map(|point| Self::read(point, &issuer)).collect()
    }

    fn read(point: &Element<'_>, certificate_issuer: &Arc<[u8]>) -> Result<Self, Malformed> {
        let mut fields = Fields::new(point.children(Tag::SEQUENCE)?);
        let names = fields.optional(Tag::context(0));
        let reasons = fields.optional(Tag::context_primitive(1));
        let list_issuers = fields.optional(Tag::context(2)).map(|names| names.children(names.tag)).transpose()?;
        fields.end()?;
        // It is of no use without either.
        if names.is_none() && list_issuers.as_ref().is_none_or(Vec::is_empty) {
            return Err(Malformed);
        }
        let directory = list_issuers.iter().flatten().find_map(Element::directory_name);
        let relative_to = match directory {
            Some(directory) => Arc::from(directory_form(&name::canonical(directory)?)),
            None => certificate_issuer.clone(),
        };
        let reasons = reasons.map(|reasons| reasons.leading_bits(reasons.tag)).transpose()?;
        Ok(Self {
            names: names.map(|names| point_names(&names, relative_to)).transpose()?,
            issuers: list_issuers.map(|names| names.iter().map(comparable).collect()).transpose()?,
            reasons: reasons.map_or(ALL_REASONS, |reasons| u16::from_le_bytes(reasons) & ALL_REASONS),
        })
    }

    /// Whether a list of `issuer` (in the form in which names are compared), which is the certificate's issuer too, is of this point.
    pub(crate) fn is_of(&self, issuer: &[u8], point: Option<&IssuingPoint>) -> bool {
        let by_issuer = self.issuers.as_ref().is_none_or(|names| names.contains(&directory_form(issuer)));
        by_issuer
            && match (&self.names, point.and_then(|point| point.names.as_ref())) {
                (Some(ours), Some(theirs)) => ours.iter().any(|name| theirs.contains(name)),
                _ => true,
            }
    }
}

/// The point that a list is of, and what it is limited to.
#[derive(Debug)]
pub(crate) struct IssuingPoint {
    names: Option<Vec<PointName>>,
    only_users: bool,
    only_authorities: bool,
    only_attributes: bool,
    /// Whether it tells some reasons only, or is about other issuers' certificates: what no one is asked to look into here.
    pub needs_more: bool,
}

impl IssuingPoint {
    /// Read `issuingDistributionPoint` of a list of this issuer (the contents of its name).
    pub fn read(extension: &[u8], issuer: &[u8]) -> Result<Self, Malformed> {
        let parts = Element::first(extension)?.children(Tag::SEQUENCE)?;
        let part = |tag| parts.iter().find(|part| part.tag == tag);
        let is_set = |number| {
            part(Tag::context_primitive(number)).is_some_and(|flag| flag.value.iter().any(|octet| *octet != 0))
        };
        let issuer = Arc::from(directory_form(&name::canonical(issuer)?));
        Ok(Self {
            names: part(Tag::context(0)).map(|names| point_names(names, issuer)).transpose()?,
            only_users: is_set(1),
            only_authorities: is_set(2),
            only_attributes: is_set(5),
            needs_more: part(Tag::context_primitive(3)).is_some() || is_set(4),
        })
    }

    /// Whether at most one limit is set, as it must be.
    pub fn is_valid(&self) -> bool {
        [self.only_users, self.only_authorities, self.only_attributes].iter().filter(|limit| **limit).count() <= 1
    }

    /// Whether it has certificates of the kind at all.
    pub fn has_kind(&self, is_authority: bool) -> bool {
        !self.only_attributes && if is_authority { !self.only_users } else { !self.only_authorities }
    }

    /// Whether only certificates that name its point are in it.
    pub fn has_names(&self) -> bool {
        self.names.is_some()
    }
}

/// One name of a point. One that goes on from an issuer's is kept apart from that: many may go on from one that is long.
#[derive(Debug, Clone)]
struct PointName {
    issuer: Arc<[u8]>,
    own: Form,
}

impl PointName {
    fn whole(form: Form) -> Self {
        Self { issuer: Arc::from([]), own: form }
    }
}

impl PartialEq for PointName {
    fn eq(&self, other: &Self) -> bool {
        match self.issuer.len() == other.issuer.len() {
            true => self.own == other.own && self.issuer == other.issuer,
            false => {
                self.issuer.len() + self.own.len() == other.issuer.len() + other.own.len()
                    && self.issuer.iter().chain(&self.own).eq(other.issuer.iter().chain(&other.own))
            }
        }
    }
}

/// The names of a `DistributionPointName`: whole ones, or one that goes on from an issuer's.
fn point_names(field: &Element<'_>, relative_to: Arc<[u8]>) -> Result<Vec<PointName>, Malformed> {
    let [choice] = field.children(Tag::context(0))?[..] else {
        return Err(Malformed);
    };
    if choice.tag == Tag::context(0) {
        return choice.children(choice.tag)?.iter().map(|name| comparable(name).map(PointName::whole)).collect();
    }
    let mut relative = choice.expect(Tag::context(1))?.bytes.to_vec();
    relative[0] = Tag::SET.0;
    Ok(vec![PointName { issuer: relative_to, own: name::canonical(&relative)? }])
}

/// A `GeneralName` in the form in which it is compared.
fn comparable(general_name: &Element<'_>) -> Result<Form, Malformed> {
    match alternative_name(general_name)? {
        AlternativeName::Directory(directory) => Ok(directory_form(&name::canonical(directory)?)),
        _ => Ok(general_name.bytes.to_vec()),
    }
}

fn directory_form(canonical: &[u8]) -> Form {
    [&[Tag::context(4).0], canonical].concat()
}
