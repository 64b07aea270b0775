//! The bounds of the generated implementation: on the type parameters in what is recorded, and on
//! no other.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::visit::{self, Visit};
use syn::{Generics, Ident, Path, TypePath, WherePredicate, parse_quote};

use super::declaration::Form;
use super::model::Input;

pub(crate) fn generics(input: &Input, private: &TokenStream) -> Generics {
    let mut generics = input.source.generics.clone();
    let parameters: Vec<Ident> = generics
        .type_params()
        .map(|parameter| parameter.ident.clone())
        .collect();
    if parameters.is_empty() {
        return generics;
    }
    let mut predicates: Vec<WherePredicate> = Vec::new();
    for field in input.fields() {
        let Some(bound) = field.form.and_then(|form| bound(form, private)) else {
            continue;
        };
        let mut uses = Uses {
            parameters: &parameters,
            found: Vec::new(),
        };
        uses.visit_type(field.ty);
        for path in uses.found {
            let predicate = parse_quote!(#path: #bound);
            if !predicates.contains(&predicate) {
                predicates.push(predicate);
            }
        }
    }
    if !predicates.is_empty() {
        generics.make_where_clause().predicates.extend(predicates);
    }
    generics
}

fn bound(form: Form, private: &TokenStream) -> Option<TokenStream> {
    let span = Span::mixed_site();
    match form {
        Form::Record => Some(quote_spanned!(span=> #private::Record)),
        Form::Serde | Form::Hash => Some(quote_spanned!(span=> #private::Serialize)),
        Form::KeepLast(_) => Some(quote_spanned!(span=> #private::Display)),
        Form::Redact => None,
    }
}

/// Finds type parameters, and types that are associated with one.
struct Uses<'a> {
    parameters: &'a [Ident],
    found: Vec<TypePath>,
}

impl Visit<'_> for Uses<'_> {
    fn visit_type_path(&mut self, ty: &TypePath) {
        let is_parameter = ty.qself.is_none()
            && ty.path.leading_colon.is_none()
            && ty
                .path
                .segments
                .first()
                .is_some_and(|first| self.parameters.contains(&first.ident));
        if is_parameter {
            self.found.push(ty.clone());
        } else {
            visit::visit_type_path(self, ty);
        }
    }

    /// A marker has no value of its type.
    fn visit_path(&mut self, path: &Path) {
        let is_phantom = path
            .segments
            .last()
            .is_some_and(|last| last.ident == "PhantomData");
        if !is_phantom {
            visit::visit_path(self, path);
        }
    }
}
