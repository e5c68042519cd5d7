//! Name constraints: for whom an authority may issue (RFC 5280, 4.2.1.10), judged as OpenSSL 3 judges them (crypto/x509/v3_ncons.c).

use super::verdict::Verdict;
use crate::certificate::extension::AlternativeName;
use crate::certificate::name_constraints::{NameConstraints, Subtree};
use crate::certificate::{Certificate, Malformed, Tag, name};

/// The most pairs of a name and a constraint that are looked at for one way. (OpenSSL looks at as many for each certificate and issuer.)
pub(super) const MOST_PAIRS: usize = 1 << 20;

/// The contents of attribute types.
const COMMON_NAME: &[u8] = &[0x55, 4, 3];
const EMAIL_ADDRESS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1];

/// A name with what is compared of it, where that is not the name itself: names may be long, and constraints many.
struct Compared<'a> {
    name: AlternativeName<'a>,
    /// Of a directoryName that can be read: its form in which names are compared.
    directory: Option<Vec<u8>>,
    /// Of a URI that has one: its host.
    host: Option<&'a [u8]>,
}

/// A name that is allowed or forbidden, with all below it.
struct Limit<'a> {
    base: Compared<'a>,
    has_distances: bool,
}

struct Constraints<'a> {
    permitted: Vec<Limit<'a>>,
    excluded: Vec<Limit<'a>>,
}

/// Why a certificate is not permitted by an issuer's `nameConstraints` (the contents); `None` if it is.
///
/// * `is_leaf`: whether it is the peer's own. Its common name is compared with the host where it has no dNSName, and so it is
///   constrained like one.
/// * `pairs`: how many of [`MOST_PAIRS`] are left.
pub(super) fn complaint(
    certificate: &Certificate<'_>,
    constraints: &[u8],
    is_leaf: bool,
    pairs: &mut usize,
) -> Option<Verdict> {
    let Ok(constraints) = Constraints::read(constraints) else {
        return Some(Verdict::UnsupportedConstraintSyntax);
    };
    let Ok(attributes) = name::relative_names(certificate.subject).map(|sets| sets.concat()) else {
        return Some(Verdict::UnsupportedNameSyntax);
    };
    let alternatives = certificate.extensions.alternative_names.as_deref().unwrap_or_default();
    let constraint_count = constraints.permitted.len() + constraints.excluded.len();
    let Some(left) = pairs.checked_sub((attributes.len() + alternatives.len()).saturating_mul(constraint_count)) else {
        return Some(Verdict::Unspecified);
    };
    *pairs = left;

    let subject = (!attributes.is_empty()).then_some(AlternativeName::Directory(certificate.subject));
    let emails = attributes.iter().filter(|(kind, _)| *kind == EMAIL_ADDRESS);
    if emails.clone().any(|(_, value)| value.tag != Tag::IA5_STRING) {
        return Some(Verdict::UnsupportedNameSyntax);
    }
    let emails = emails.map(|(_, value)| AlternativeName::Email(value.value));
    let names = subject.into_iter().chain(emails).chain(alternatives.iter().copied());
    let found = names.map(|name| constraints.check(name)).find(Result::is_err);
    if let Some(Err(verdict)) = found {
        return Some(verdict);
    }
    if !is_leaf || certificate.extensions.has_dns_name() {
        return None;
    }
    let common = attributes.iter().filter(|(kind, _)| *kind == COMMON_NAME).map(|(_, value)| name::text(value));
    let unreadable = Err(Verdict::UnsupportedNameSyntax);
    common
        .map(|common| common.map_or(unreadable, |common| constraints.check_common_name(&common)))
        .find_map(Result::err)
}

impl<'a> Constraints<'a> {
    fn read(contents: &'a [u8]) -> Result<Self, Malformed> {
        let NameConstraints { permitted, excluded } = NameConstraints::read(contents)?;
        let [permitted, excluded] = [permitted, excluded].map(|list| list.into_iter().map(Limit::of).collect());
        Ok(Self { permitted, excluded })
    }

    /// A name must be below one of the permitted bases of its kind, if there are any, and below no excluded one.
    fn check(&self, name: AlternativeName<'_>) -> Result<(), Verdict> {
        let name = Compared::of(name);
        let mut is_permitted = None;
        for limit in &self.permitted {
            if let Some(is_below) = limit.holds(&name)? {
                is_permitted = Some(is_permitted.unwrap_or(false) || is_below);
            }
        }
        if is_permitted == Some(false) {
            return Err(Verdict::PermittedViolation);
        }
        for limit in &self.excluded {
            if limit.holds(&name)? == Some(true) {
                return Err(Verdict::ExcludedViolation);
            }
        }
        Ok(())
    }

    /// A common name counts if it could be that of a host: wildcards do so here, and in OpenSSL not.
    fn check_common_name(&self, common: &str) -> Result<(), Verdict> {
        // Zeros at the end are an old mistake, and harmless.
        let common = common.trim_end_matches('\0');
        if common.contains('\0') {
            return Err(Verdict::UnsupportedNameSyntax);
        }
        let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "-_.*".contains(letter);
        match common.contains('.') && common.chars().all(is_letter) {
            true => self.check(AlternativeName::Dns(common.as_bytes())),
            false => Ok(()),
        }
    }
}

impl<'a> Compared<'a> {
    fn of(name: AlternativeName<'a>) -> Self {
        let (mut directory, mut of_uri) = (None, None);
        match name {
            AlternativeName::Directory(contents) => directory = name::canonical(contents).ok(),
            AlternativeName::Uri(uri) => of_uri = host(uri),
            _ => {}
        }
        Self { name, directory, host: of_uri }
    }
}

impl<'a> Limit<'a> {
    fn of(Subtree { base, has_distances }: Subtree<'a>) -> Self {
        Self { base: Compared::of(base), has_distances }
    }

    /// Whether a name is below the base; `None` if it is of another kind.
    fn holds(&self, name: &Compared<'_>) -> Result<Option<bool>, Verdict> {
        use AlternativeName::{Directory, Dns, Email, Ip, Other, RegisteredId, Uri};
        let is_below = match (&name.name, &self.base.name) {
            (Directory(_), Directory(_)) => match (&name.directory, &self.base.directory) {
                (Some(name), Some(base)) => Ok(name.starts_with(base)),
                _ => Err(Verdict::UnsupportedNameSyntax),
            },
            (Dns(name), Dns(base)) => Ok(is_below_domain(name, base)),
            (Email(name), Email(base)) => is_below_mailbox(name, base),
            (Uri(_), Uri(base)) => {
                name.host.map(|host| is_below_host(host, base)).ok_or(Verdict::UnsupportedNameSyntax)
            }
            (Ip(name), Ip(base)) => is_in_network(name, base),
            // No one knows how these are constrained; nor how mailboxes in UTF-8 are, which are among them.
            (RegisteredId(_), RegisteredId(_)) => Err(Verdict::UnsupportedConstraintType),
            (Other(one, ..), Other(other, ..)) if one == other => Err(Verdict::UnsupportedConstraintType),
            (Other(tag, ..), Email(_)) if Tag(*tag) == Tag::context(0) => Err(Verdict::UnsupportedNameSyntax),
            _ => return Ok(None),
        };
        match self.has_distances {
            true => Err(Verdict::SubtreeMinMax),
            false => is_below.map(Some),
        }
    }
}

fn is_below_domain(name: &[u8], base: &[u8]) -> bool {
    let Some((above, below)) = name.len().checked_sub(base.len()).map(|length| name.split_at(length)) else {
        return false;
    };
    let at_boundary = base.is_empty() || above.is_empty() || above.ends_with(b".") || base.starts_with(b".");
    at_boundary && below.eq_ignore_ascii_case(base)
}

fn is_below_mailbox(name: &[u8], base: &[u8]) -> Result<bool, Verdict> {
    let (local, host) = split_mailbox(name).ok_or(Verdict::UnsupportedNameSyntax)?;
    match split_mailbox(base) {
        None if base.starts_with(b".") => Ok(name.len() > base.len() && is_below_domain(name, base)),
        None => Ok(host.eq_ignore_ascii_case(base)),
        Some((wanted, base)) => Ok((wanted.is_empty() || wanted == local) && host.eq_ignore_ascii_case(base)),
    }
}

/// What is before and behind the last `@`.
fn split_mailbox(name: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = name.iter().rposition(|byte| *byte == b'@')?;
    Some((&name[..at], &name[at + 1..]))
}

/// The host of a URI is what is constrained; one without a host can not be. Versions of OpenSSL differ about users, and about what may
/// come after the host: what one of them does not take has no host here.
fn host(uri: &[u8]) -> Option<&[u8]> {
    let (scheme, rest) = std::str::from_utf8(uri).ok()?.split_once("://")?;
    let is_scheme = scheme.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && scheme.chars().all(|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter));
    let authority = rest.split('/').next().unwrap_or_default();
    let (host, port) = authority.split_once(':').unwrap_or((authority, "0"));
    let is_port = port.bytes().all(|digit| digit.is_ascii_digit()) && port.parse::<u16>().is_ok();
    let is_plain = !host.is_empty() && !authority.contains(['@', '?', '#', '[', ']']);
    (is_scheme && is_port && is_plain).then_some(host.as_bytes())
}

fn is_below_host(host: &[u8], base: &[u8]) -> bool {
    match base.starts_with(b".") {
        true => host.len() > base.len() && is_below_domain(host, base),
        false => host.eq_ignore_ascii_case(base),
    }
}

fn is_in_network(address: &[u8], network: &[u8]) -> Result<bool, Verdict> {
    if ![4, 16].contains(&address.len()) || ![8, 32].contains(&network.len()) {
        return Err(Verdict::UnsupportedNameSyntax);
    }
    let (base, mask) = network.split_at(network.len() / 2);
    let differs = |((address, base), mask): ((&u8, &u8), &u8)| (address ^ base) & mask != 0;
    Ok(address.len() == base.len() && !address.iter().zip(base).zip(mask).any(differs))
}
