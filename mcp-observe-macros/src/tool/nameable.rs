//! Which types the items inside a function can name: not those of its generic parameters, nor of the
//! impl block's, which the attribute cannot even see.

use syn::visit_mut::{self, VisitMut};
use syn::{Ident, Lifetime, Path, Type};

use super::item::Function;

/// What cannot be named in items of a function.
pub(crate) struct Nameable {
    generics: Vec<Ident>,
}

impl Nameable {
    pub(crate) fn of(function: &Function) -> Self {
        let params = &function.sig.generics.params;
        let generics = params.iter().filter_map(|param| match param {
            syn::GenericParam::Type(param) => Some(param.ident.clone()),
            syn::GenericParam::Const(param) => Some(param.ident.clone()),
            syn::GenericParam::Lifetime(_) => None,
        });
        Self {
            generics: generics.collect(),
        }
    }

    /// Whether the type can be named, as far as the function itself tells.
    pub(crate) fn is(&self, ty: &Type) -> bool {
        self.search(ty, false)
    }

    /// Whether it can be named for all that names suggest: a single capital letter, and the first
    /// part of `Backend::Error`, may be parameters of the impl block.
    pub(crate) fn is_surely(&self, ty: &Type) -> bool {
        self.search(ty, true)
    }

    fn search(&self, ty: &Type, suspicious: bool) -> bool {
        let mut search = Search {
            generics: &self.generics,
            suspicious,
            found: false,
        };
        search.visit_type_mut(&mut ty.clone());
        !search.found
    }
}

struct Search<'a> {
    generics: &'a [Ident],
    suspicious: bool,
    found: bool,
}

impl Search<'_> {
    fn is_generic(&self, path: &Path) -> bool {
        let Some(first) = path.segments.first() else {
            return false;
        };
        let ident = &first.ident;
        if path.leading_colon.is_some() {
            return false;
        }
        ident == "Self"
            || self.generics.contains(ident)
            || self.suspicious && may_be_generic(&ident.to_string(), path.segments.len())
    }
}

fn may_be_generic(first: &str, segments: usize) -> bool {
    let mut chars = first.chars();
    let is_capital = chars.next().is_some_and(char::is_uppercase);
    is_capital && (segments > 1 || chars.all(|c| c.is_ascii_digit()))
}

impl VisitMut for Search<'_> {
    fn visit_path_mut(&mut self, path: &mut Path) {
        self.found |= self.is_generic(path);
        visit_mut::visit_path_mut(self, path);
    }

    fn visit_type_mut(&mut self, ty: &mut Type) {
        self.found |= matches!(ty, Type::ImplTrait(_) | Type::Infer(_) | Type::Macro(_));
        visit_mut::visit_type_mut(self, ty);
    }
}

/// The type without its lifetimes' names, which items cannot use either.
pub(crate) fn without_lifetimes(ty: &Type) -> Type {
    struct Eraser;
    impl VisitMut for Eraser {
        fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
            if lifetime.ident != "static" {
                *lifetime = Lifetime::new("'_", lifetime.span());
            }
        }
    }
    let mut ty = ty.clone();
    Eraser.visit_type_mut(&mut ty);
    ty
}
