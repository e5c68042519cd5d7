//! The extensions of a certificate (RFC 5280, 4.2) that verification and Node's certificate object need.

use super::AuthorityKey;
use super::der_reader::{Element, Fields, Malformed, Tag};
use super::distribution_point::DistributionPoint;
use super::name;
use super::name_constraints::NameConstraints;

/// The contents of the OBJECT IDENTIFIERs under 2.5.29 (id-ce).
pub(crate) mod oid {
    pub(super) const SUBJECT_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1d, 14];
    pub(super) const KEY_USAGE: &[u8] = &[0x55, 0x1d, 15];
    pub(super) const SUBJECT_ALTERNATIVE_NAME: &[u8] = &[0x55, 0x1d, 17];
    pub(super) const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 19];
    pub(super) const NAME_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 30];
    pub(crate) const CRL_REASON: &[u8] = &[0x55, 0x1d, 21];
    pub(crate) const DELTA_CRL_INDICATOR: &[u8] = &[0x55, 0x1d, 27];
    pub(crate) const ISSUING_DISTRIBUTION_POINT: &[u8] = &[0x55, 0x1d, 28];
    pub(crate) const CERTIFICATE_ISSUER: &[u8] = &[0x55, 0x1d, 29];
    pub(super) const CRL_DISTRIBUTION_POINTS: &[u8] = &[0x55, 0x1d, 31];
    pub(crate) const AUTHORITY_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1d, 35];
    pub(super) const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 37];
    /// id-pe-authorityInfoAccess, 1.3.6.1.5.5.7.1.1
    pub(super) const AUTHORITY_INFORMATION_ACCESS: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 1];
    /// id-pe-tlsfeature, 1.3.6.1.5.5.7.1.24
    pub(super) const TLS_FEATURE: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 24];
    /// id-pkix-ocsp-basic, 1.3.6.1.5.5.7.48.1.1
    pub(crate) const OCSP_BASIC: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 48, 1, 1];
    /// id-kp-OCSPSigning, 1.3.6.1.5.5.7.3.9
    pub(super) const OCSP_SIGNING: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 9];
    /// id-kp-serverAuth, 1.3.6.1.5.5.7.3.1
    pub(crate) const SERVER_AUTHENTICATION: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 1];
    /// id-kp-clientAuth, 1.3.6.1.5.5.7.3.2
    pub(crate) const CLIENT_AUTHENTICATION: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 2];
    /// anyExtendedKeyUsage
    pub(crate) const ANY_PURPOSE: &[u8] = &[0x55, 0x1d, 37, 0];
    /// Server-gated cryptography of Microsoft (1.3.6.1.4.1.311.10.3.3) and Netscape (2.16.840.1.113730.4.1): old words for a
    /// server.
    pub(super) const MICROSOFT_SGC: &[u8] = &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 10, 3, 3];
    pub(super) const NETSCAPE_SGC: &[u8] = &[0x60, 0x86, 0x48, 1, 0x86, 0xf8, 0x42, 4, 1];
    /// nsCertType, 2.16.840.1.113730.1.1
    pub(super) const NETSCAPE_CERTIFICATE_TYPE: &[u8] = &[0x60, 0x86, 0x48, 1, 0x86, 0xf8, 0x42, 1, 1];
    /// id-pe-proxyCertInfo, 1.3.6.1.5.5.7.1.14
    pub(super) const PROXY_CERTIFICATE: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 14];
    /// id-pe-ipAddrBlocks and id-pe-autonomousSysIds (RFC 3779): what they say of a chain is not looked into here.
    pub(super) const RESOURCES: [&[u8]; 2] = [&[0x2b, 6, 1, 5, 5, 7, 1, 7], &[0x2b, 6, 1, 5, 5, 7, 1, 8]];
    /// Extensions that may be critical although they say nothing to us, as OpenSSL has it: certificatePolicies,
    /// policyMappings, policyConstraints and inhibitAnyPolicy, which count for who asks for policies only; id-pkix-ocsp-nocheck.
    pub(super) const HARMLESS: &[&[u8]] =
        &[&[0x55, 0x1d, 32], &[0x55, 0x1d, 33], &[0x55, 0x1d, 36], &[0x55, 0x1d, 54], &[0x2b, 6, 1, 5, 5, 7, 48, 1, 5]];
}

/// `basicConstraints`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BasicConstraints {
    /// Whether it may issue certificates.
    pub ca: bool,
    /// How many intermediate certificates may follow.
    pub path_length: Option<u32>,
}

/// A name of `subjectAltName`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlternativeName<'a> {
    /// rfc822Name
    Email(&'a [u8]),
    /// dNSName
    Dns(&'a [u8]),
    /// uniformResourceIdentifier
    Uri(&'a [u8]),
    /// iPAddress: 4 or 16 bytes
    Ip(&'a [u8]),
    /// directoryName: the contents of a `Name`
    Directory(&'a [u8]),
    /// registeredID: the contents of an OBJECT IDENTIFIER
    RegisteredId(&'a [u8]),
    /// otherName, x400Address, ediPartyName: the identifier octet and the contents
    Other(u8, &'a [u8]),
}

/// One extension, of a certificate, of a revocation list or of an entry of one.
pub(crate) struct Extension<'a> {
    /// The contents of its OBJECT IDENTIFIER.
    pub id: &'a [u8],
    /// Whether who does not know it must not go on.
    pub critical: bool,
    /// What it says, as DER.
    pub value: &'a [u8],
}

impl<'a> Extension<'a> {
    /// Read a SEQUENCE of extensions.
    pub fn read_all(list: &Element<'a>) -> Result<Vec<Self>, Malformed> {
        list.children(Tag::SEQUENCE)?.iter().map(Self::read).collect()
    }

    fn read(extension: &Element<'a>) -> Result<Self, Malformed> {
        let (id, critical, value) = match extension.children(Tag::SEQUENCE)?[..] {
            [id, value] => (id, false, value),
            [id, critical, value] => (id, critical.boolean()?, value),
            _ => return Err(Malformed),
        };
        Ok(Self { id: id.object_identifier()?, critical, value: value.contents(Tag::OCTET_STRING)? })
    }
}

/// What the extensions of one certificate say.
#[derive(Debug, Clone, Default)]
pub struct Extensions<'a> {
    /// `basicConstraints`
    pub basic_constraints: Option<BasicConstraints>,
    /// `keyUsage`: the first byte of its bits, `digitalSignature` being 0x80
    pub key_usage: Option<u8>,
    /// `extKeyUsage`: the contents of the OBJECT IDENTIFIERs
    pub extended_key_usage: Option<Vec<&'a [u8]>>,
    /// `nsCertType`: the first byte of its bits, SSL client being 0x80
    pub netscape_type: Option<u8>,
    /// `subjectAltName`
    pub alternative_names: Option<Vec<AlternativeName<'a>>>,
    /// `subjectKeyIdentifier`
    pub subject_key_identifier: Option<&'a [u8]>,
    /// `authorityKeyIdentifier`
    pub authority_key: AuthorityKey<'a>,
    /// `nameConstraints`: the contents of its SEQUENCE
    pub name_constraints: Option<&'a [u8]>,
    /// `cRLDistributionPoints`
    pub distribution_points: Vec<DistributionPoint>,
    /// whether it is a proxy certificate, which a user issues (RFC 3820)
    pub is_proxy: bool,
    /// whether it is for addresses or autonomous systems of the internet (RFC 3779)
    pub has_resources: bool,
    /// `TLSFeatures`, as it is: who does not judge staples need not read it
    pub tls_features: Option<&'a [u8]>,
    /// whether an extension that verification does not know is marked critical
    pub has_unknown_critical: bool,
    /// whether an extension that is known here can not be read, or is there twice: nobody can say then who issued the certificate
    pub is_malformed: bool,
}

impl<'a> Extensions<'a> {
    /// digitalSignature in `key_usage`
    const DIGITAL_SIGNATURE: u8 = 0x80;
    /// keyCertSign in `key_usage`
    const CERTIFICATE_SIGNING: u8 = 0x04;
    /// cRLSign in `key_usage`
    const CRL_SIGNING: u8 = 0x02;

    /// Read the extensions of a certificate of this issuer (the contents of its name).
    pub(super) fn read(field: &Element<'a>, issuer: &[u8]) -> Result<Self, Malformed> {
        let [list] = field.children(Tag::context(3))?[..] else {
            return Err(Malformed);
        };
        let mut extensions = Self::default();
        let mut seen = Vec::new();
        for Extension { id, critical, value } in Extension::read_all(&list)? {
            match extensions.take(id, critical, value, issuer) {
                Ok(true) if !seen.contains(&id) => seen.push(id),
                Ok(false) => {}
                Ok(true) | Err(Malformed) => extensions.is_malformed = true,
            }
        }
        Ok(extensions)
    }

    /// Read one, if it is known.
    fn take(&mut self, id: &[u8], critical: bool, value: &'a [u8], issuer: &[u8]) -> Result<bool, Malformed> {
        // Only what is understood need be well-formed, and bytes after it are nothing to OpenSSL.
        let element = || Element::first(value);
        // OpenSSL's verification does not look at these, and so they must not be critical.
        let is_for_reading =
            [oid::SUBJECT_KEY_IDENTIFIER, oid::AUTHORITY_KEY_IDENTIFIER, oid::AUTHORITY_INFORMATION_ACCESS];
        self.has_unknown_critical |= critical && is_for_reading.contains(&id);
        match id {
            oid::BASIC_CONSTRAINTS => self.basic_constraints = Some(basic_constraints(&element()?)?),
            oid::KEY_USAGE => self.key_usage = Some(key_usage(&element()?)?),
            oid::NETSCAPE_CERTIFICATE_TYPE => self.netscape_type = Some(first_bits(&element()?)?),
            oid::EXTENDED_KEY_USAGE => {
                let purposes = element()?.children(Tag::SEQUENCE)?;
                let purposes = purposes.iter().map(|id| id.object_identifier());
                self.extended_key_usage = Some(purposes.collect::<Result<_, _>>()?);
            }
            oid::SUBJECT_ALTERNATIVE_NAME => {
                self.alternative_names = Some(general_names(&element()?, Tag::SEQUENCE)?);
            }
            oid::SUBJECT_KEY_IDENTIFIER => {
                self.subject_key_identifier = Some(element()?.contents(Tag::OCTET_STRING)?);
            }
            oid::AUTHORITY_KEY_IDENTIFIER => {
                self.authority_key = AuthorityKey::read(value)?;
            }
            oid::NAME_CONSTRAINTS => {
                let constraints = element()?.contents(Tag::SEQUENCE)?;
                NameConstraints::read(constraints)?;
                self.name_constraints = Some(constraints);
            }
            oid::CRL_DISTRIBUTION_POINTS => self.distribution_points = DistributionPoint::read_all(value, issuer)?,
            oid::PROXY_CERTIFICATE => self.is_proxy = true,
            id if oid::RESOURCES.contains(&id) => self.has_resources = true,
            _ => {
                if id == oid::TLS_FEATURE {
                    self.tls_features = Some(value);
                }
                // OpenSSL does not know the TLS features either.
                self.has_unknown_critical |= critical && !oid::HARMLESS.contains(&id);
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether `keyUsage`, if present, allows to sign certificates.
    pub fn may_sign_certificates(&self) -> bool {
        self.key_usage.is_none_or(|usage| usage & Self::CERTIFICATE_SIGNING != 0)
    }

    /// Whether `keyUsage`, if present, allows to sign revocation lists.
    pub fn may_sign_revocation_lists(&self) -> bool {
        self.key_usage.is_none_or(|usage| usage & Self::CRL_SIGNING != 0)
    }

    /// Whether `extKeyUsage`, if present, allows to be a TLS server, or the issuer of one. (anyExtendedKeyUsage does not.)
    pub fn may_authenticate_server(&self) -> bool {
        self.extended_key_usage.as_ref().is_none_or(|purposes| {
            let allowed = [oid::SERVER_AUTHENTICATION, oid::MICROSOFT_SGC, oid::NETSCAPE_SGC];
            purposes.iter().any(|purpose| allowed.contains(purpose))
        })
    }

    /// Whether `extKeyUsage`, if present, allows to be a TLS client, or the issuer of one.
    pub fn may_authenticate_client(&self) -> bool {
        let purposes = self.extended_key_usage.as_ref();
        purposes.is_none_or(|purposes| purposes.contains(&oid::CLIENT_AUTHENTICATION))
    }

    /// Whether the issuer has made it one that may sign OCSP responses in its place (RFC 6960, 4.2.2.2).
    pub fn may_sign_ocsp_responses(&self) -> bool {
        let purposes = self.extended_key_usage.as_ref();
        purposes.is_some_and(|purposes| purposes.contains(&oid::OCSP_SIGNING))
            && self.key_usage.is_none_or(|usage| usage & Self::DIGITAL_SIGNATURE != 0)
    }

    /// Whether a server with this certificate always staples an OCSP response (RFC 7633). What can not be read may say so.
    pub fn requires_staple(&self) -> bool {
        self.tls_features.is_some_and(|value| {
            let features = Element::first(value).and_then(|features| features.children(Tag::SEQUENCE));
            features.map_or(true, |features| features.iter().any(|feature| feature.value == STATUS_REQUEST))
        })
    }

    /// Whether there is a dNSName.
    pub fn has_dns_name(&self) -> bool {
        let names = self.alternative_names.as_deref().unwrap_or_default();
        names.iter().any(|name| matches!(name, AlternativeName::Dns(_)))
    }
}

/// The number of the TLS extension `status_request` (RFC 6066, 8).
const STATUS_REQUEST: &[u8] = &[5];

/// The first octet of a BIT STRING's bits.
fn first_bits(element: &Element<'_>) -> Result<u8, Malformed> {
    element.leading_bits(Tag::BIT_STRING).map(|[first, _]| first)
}

/// The first octet of `keyUsage`, of which some bit must be set.
fn key_usage(element: &Element<'_>) -> Result<u8, Malformed> {
    match element.leading_bits(Tag::BIT_STRING)? {
        [0, 0] => Err(Malformed),
        [first, _] => Ok(first),
    }
}

fn basic_constraints(element: &Element<'_>) -> Result<BasicConstraints, Malformed> {
    let mut fields = Fields::new(element.children(Tag::SEQUENCE)?);
    let ca = fields.optional(Tag::BOOLEAN).map_or(Ok(false), |ca| ca.boolean())?;
    let path_length = fields.optional(Tag::INTEGER).map(|length| path_length(length.integer()?)).transpose()?;
    fields.end()?;
    Ok(BasicConstraints { ca, path_length })
}

/// `GeneralNames`, with this tag.
pub(crate) fn general_names<'a>(names: &Element<'a>, tag: Tag) -> Result<Vec<AlternativeName<'a>>, Malformed> {
    names.children(tag)?.iter().map(alternative_name).collect()
}

/// A number that is not negative; what does not fit four bytes is longer than any way.
fn path_length(number: &[u8]) -> Result<u32, Malformed> {
    let append = |number: u32, byte: &u8| number.checked_mul(256)?.checked_add(u32::from(*byte));
    match number {
        [0x00..=0x7f, ..] => Ok(number.iter().try_fold(0, append).unwrap_or(u32::MAX)),
        _ => Err(Malformed),
    }
}

pub(crate) fn alternative_name<'a>(general_name: &Element<'a>) -> Result<AlternativeName<'a>, Malformed> {
    const OTHER_NAME: Tag = Tag::context(0);
    const X400_ADDRESS: Tag = Tag::context(3);
    const DIRECTORY_NAME: Tag = Tag::context(4);
    const EDI_PARTY_NAME: Tag = Tag::context(5);
    let Element { tag, value, .. } = *general_name;
    Ok(match tag {
        tag if tag == Tag::context_primitive(1) => AlternativeName::Email(value),
        tag if tag == Tag::context_primitive(2) => AlternativeName::Dns(value),
        tag if tag == Tag::context_primitive(6) => AlternativeName::Uri(value),
        tag if tag == Tag::context_primitive(7) => AlternativeName::Ip(value),
        tag if tag == Tag::context_primitive(8) => AlternativeName::RegisteredId(value),
        DIRECTORY_NAME => {
            let directory = general_name.directory_name().ok_or(Malformed)?;
            name::canonical(directory)?;
            AlternativeName::Directory(directory)
        }
        OTHER_NAME => {
            let mut fields = Fields::new(general_name.children(tag)?);
            fields.required()?.object_identifier()?;
            match fields.required()?.children(Tag::context(0))?[..] {
                [value] => value.any()?,
                _ => return Err(Malformed),
            }
            fields.end()?;
            AlternativeName::Other(tag.0, value)
        }
        EDI_PARTY_NAME => {
            let mut fields = Fields::new(general_name.children(tag)?);
            let assigner = fields.optional(Tag::context(0)).map_or(Ok(1), |name| Ok(name.children(name.tag)?.len()))?;
            let party = fields.required()?.children(Tag::context(1))?.len();
            fields.end()?;
            if (assigner, party) != (1, 1) {
                return Err(Malformed);
            }
            AlternativeName::Other(tag.0, value)
        }
        X400_ADDRESS => AlternativeName::Other(tag.0, value),
        _ => return Err(Malformed),
    })
}
