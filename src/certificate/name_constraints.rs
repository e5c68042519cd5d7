//! `nameConstraints`: for which names an authority may issue (RFC 5280, 4.2.1.10).

use super::der_reader::Fields;
use super::extension::{AlternativeName, alternative_name};
use super::{Element, Malformed, Tag};

/// `NameConstraints`.
pub(crate) struct NameConstraints<'a> {
    pub permitted: Vec<Subtree<'a>>,
    pub excluded: Vec<Subtree<'a>>,
}

/// One name that is allowed or forbidden, with all below it.
pub(crate) struct Subtree<'a> {
    pub base: AlternativeName<'a>,
    /// Whether distances are given, which RFC 5280 forbids.
    pub has_distances: bool,
}

impl<'a> NameConstraints<'a> {
    /// Read the contents of the extension's SEQUENCE.
    pub fn read(contents: &'a [u8]) -> Result<Self, Malformed> {
        let mut fields = Fields::new(Element::read_all(contents)?);
        let mut subtrees = |tag| match fields.optional(tag) {
            Some(list) => list.children(tag)?.iter().map(Subtree::read).collect::<Result<_, _>>(),
            None => Ok(Vec::new()),
        };
        let (permitted, excluded) = (subtrees(Tag::context(0))?, subtrees(Tag::context(1))?);
        fields.end()?;
        Ok(Self { permitted, excluded })
    }
}

impl<'a> Subtree<'a> {
    fn read(subtree: &Element<'a>) -> Result<Self, Malformed> {
        let mut fields = Fields::new(subtree.children(Tag::SEQUENCE)?);
        let base = alternative_name(&fields.required()?)?;
        let mut distance = |tag| fields.optional(tag).map(|field| field.implicit_integer(tag)).transpose();
        let minimum = distance(Tag::context_primitive(0))?;
        let maximum = distance(Tag::context_primitive(1))?;
        fields.end()?;
        Ok(Self { base, has_distances: maximum.is_some() || minimum.is_some_and(|minimum| minimum != [0]) })
    }
}
