//! The arguments of `#[record(…)]` on a type.

use syn::meta::ParseNestedMeta;
use syn::{Attribute, Meta, Path};

use crate::errors::Errors;

#[derive(Default)]
pub(crate) struct Container {
    /// Where `all` was said.
    pub(crate) all: Option<Path>,
    pub(crate) krate: Option<Path>,
}

const KNOWN: &str = "#[record] on a type takes `all` and `crate = path`";

impl Container {
    pub(crate) fn parse(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut container = Self::default();
        for attr in attrs {
            if attr.path().is_ident("redact") {
                errors.at(
                    attr,
                    "#[redact] goes on a field: it says how that is recorded",
                );
            } else if attr.path().is_ident("record") {
                if matches!(&attr.meta, Meta::List(list) if !list.tokens.is_empty()) {
                    let parsed = attr.parse_nested_meta(|meta| container.parse_one(&meta, errors));
                    if let Err(error) = parsed {
                        errors.push(error);
                    }
                } else {
                    errors.at(
                        attr,
                        format!("{KNOWN}: without them it goes on the fields that are recorded"),
                    );
                }
            }
        }
        container
    }

    fn parse_one(&mut self, meta: &ParseNestedMeta, errors: &mut Errors) -> syn::Result<()> {
        if meta.path.is_ident("all") {
            if self.all.is_some() {
                errors.at(&meta.path, "duplicate argument `all`: keep one of them");
            }
            self.all = Some(meta.path.clone());
            return Ok(());
        }
        if meta.path.is_ident("crate") {
            let message = "`crate` takes a path, as in `crate = path::to::mcp_observe`";
            let value = meta
                .value()
                .map_err(|_| syn::Error::new_spanned(&meta.path, message))?;
            let span = value.span();
            let path = value
                .call(Path::parse_mod_style)
                .map_err(|_| syn::Error::new(span, message))?;
            if self.krate.is_some() {
                errors.at(&meta.path, "duplicate argument `crate`: keep one of them");
            }
            self.krate = Some(path);
            return Ok(());
        }
        let name = meta.path.get_ident();
        let name = name.map_or_else(String::new, |name| format!(" `{name}`"));
        Err(syn::Error::new_spanned(
            &meta.path,
            format!("unknown argument{name}: {KNOWN}"),
        ))
    }
}
