//! The attributes of serde that shape the JSON which a caller sends. Others are none of our concern,
//! and what is wrong with any of them serde says itself.

use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, ExprPath, Lit, LitStr, Meta, Token};

use crate::case::Case;

#[derive(Default)]
pub(crate) struct Container {
    pub(crate) rename: Option<String>,
    pub(crate) rename_all: Option<Case>,
    pub(crate) rename_all_fields: Option<Case>,
    pub(crate) tag: Option<String>,
    pub(crate) content: Option<String>,
    pub(crate) untagged: bool,
    pub(crate) transparent: bool,
}

#[derive(Default)]
pub(crate) struct Variant {
    pub(crate) rename: Option<String>,
    pub(crate) aliases: Vec<String>,
    pub(crate) rename_all: Option<Case>,
    pub(crate) untagged: bool,
    /// The caller cannot have sent it.
    pub(crate) skip: bool,
}

#[derive(Default)]
pub(crate) struct Field {
    pub(crate) rename: Option<String>,
    /// Other names that a caller may have sent it by.
    pub(crate) aliases: Vec<String>,
    pub(crate) flatten: bool,
    /// The caller cannot have sent it.
    pub(crate) skip: bool,
    pub(crate) skip_if: Option<ExprPath>,
}

impl Container {
    pub(crate) fn parse(attrs: &[Attribute]) -> Self {
        let mut container = Self::default();
        for meta in metas(attrs) {
            match name(&meta).as_str() {
                "rename" => container.rename = text(&meta),
                "rename_all" => container.rename_all = case(&meta),
                "rename_all_fields" => container.rename_all_fields = case(&meta),
                "tag" => container.tag = text(&meta),
                "content" => container.content = text(&meta),
                "untagged" => container.untagged = true,
                "transparent" => container.transparent = true,
                _ => {}
            }
        }
        container
    }
}

impl Variant {
    pub(crate) fn parse(attrs: &[Attribute]) -> Self {
        let mut variant = Self::default();
        for meta in metas(attrs) {
            match name(&meta).as_str() {
                "rename" => variant.rename = text(&meta),
                "alias" => variant.aliases.extend(text(&meta)),
                "rename_all" => variant.rename_all = case(&meta),
                "untagged" => variant.untagged = true,
                "skip" | "skip_deserializing" => variant.skip = true,
                _ => {}
            }
        }
        variant
    }
}

impl Field {
    pub(crate) fn parse(attrs: &[Attribute]) -> Self {
        let mut field = Self::default();
        for meta in metas(attrs) {
            match name(&meta).as_str() {
                "rename" => field.rename = text(&meta),
                "alias" => field.aliases.extend(text(&meta)),
                "flatten" => field.flatten = true,
                "skip" | "skip_deserializing" => field.skip = true,
                "skip_serializing_if" => {
                    field.skip_if = literal(&meta).and_then(|path| path.parse().ok());
                }
                _ => {}
            }
        }
        field
    }
}

fn metas(attrs: &[Attribute]) -> impl Iterator<Item = Meta> {
    attrs
        .iter()
        .filter(|attr| attr.path().is_ident("serde"))
        .filter_map(|attr| {
            attr.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)
                .ok()
        })
        .flatten()
}

fn name(meta: &Meta) -> String {
    meta.path()
        .get_ident()
        .map(ToString::to_string)
        .unwrap_or_default()
}

fn text(meta: &Meta) -> Option<String> {
    literal(meta).map(|literal| literal.value())
}

fn case(meta: &Meta) -> Option<Case> {
    Case::parse(&literal(meta)?).ok()
}

/// The value of `key = "…"`, or of `key(deserialize = "…")`: what is received is deserialised.
fn literal(meta: &Meta) -> Option<LitStr> {
    match meta {
        Meta::NameValue(pair) => match &pair.value {
            Expr::Lit(ExprLit {
                lit: Lit::Str(literal),
                ..
            }) => Some(literal.clone()),
            _ => None,
        },
        Meta::List(list) => list
            .parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)
            .ok()?
            .iter()
            .find(|meta| meta.path().is_ident("deserialize"))
            .and_then(literal),
        Meta::Path(_) => None,
    }
}
