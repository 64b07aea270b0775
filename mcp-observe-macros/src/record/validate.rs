//! The rules: a declaration does something, and does it where that can be seen.

use std::iter;

use syn::{Attribute, Ident, Member};

use super::declaration::{Form, is_declaration};
use super::model::{Body, Field, Fields, Input, Representation, Shape, Variant};
use super::secret_name::looks_secret;
use super::secret_type;
use crate::errors::Errors;

pub(crate) fn input(input: &Input, errors: &mut Errors) {
    let all = input.container.all.is_some();
    match &input.body {
        Body::Union => {
            errors.at(
                &input.source.ident,
                "a union cannot be recorded: nothing tells which of its fields is set",
            );
            return;
        }
        Body::Struct { fields, .. } => {
            group(fields, all, &Owner::of_struct(input), errors);
        }
        Body::Enum(variants) => {
            for variant in variants {
                on_variant(&variant.source.attrs, errors);
                group(&variant.fields, all, &Owner::of_variant(variant), errors);
                tagged_newtype(variant, errors);
            }
        }
    }
    something_is_recorded(input, errors);
}

/// Declarations stand on fields.
fn on_variant(attrs: &[Attribute], errors: &mut Errors) {
    for attr in attrs.iter().filter(|attr| is_declaration(attr)) {
        errors.at(
            attr,
            "#[record] and #[redact] go on a variant's fields: its name is recorded with the enum",
        );
    }
}

/// The struct or variant: what an unnamed field is called by.
struct Owner<'a> {
    ident: &'a Ident,
    names: Vec<&'a str>,
}

impl<'a> Owner<'a> {
    fn of_struct(input: &Input<'a>) -> Self {
        Self {
            ident: &input.source.ident,
            names: Vec::new(),
        }
    }

    fn of_variant(variant: &'a Variant) -> Self {
        let aliases = variant.aliases.iter().map(String::as_str);
        Self {
            ident: &variant.source.ident,
            names: iter::once(variant.name.as_str()).chain(aliases).collect(),
        }
    }
}

fn group(fields: &Fields, all: bool, owner: &Owner, errors: &mut Errors) {
    for field in &fields.fields {
        skipped(field, errors);
        flattened(field, errors);
        if all {
            declared_under_all(field, owner, errors);
        }
        if field.form.is_some_and(Form::shows) {
            secret_type::refuse(field.ty, errors);
        }
    }
}

fn skipped(field: &Field, errors: &mut Errors) {
    if let (true, Some(declaration)) = (field.serde.skip, &field.declaration) {
        errors.at(
            &declaration.attr,
            "this does nothing: serde skips the field, so that no caller can send it; remove one of \
             the two attributes",
        );
    }
}

/// The members of a flattened value have no common place that a mark could be put at.
fn flattened(field: &Field, errors: &mut Errors) {
    if let (true, Some(declaration)) = (field.serde.flatten, &field.declaration)
        && !declaration.form.shows()
    {
        errors.at(
            &declaration.attr,
            "#[redact] has no place on a flattened field: use #[record], and declare the fields of \
             its type, or leave it out",
        );
    }
}

/// So have those of a newtype variant beside its tag.
fn tagged_newtype(variant: &Variant, errors: &mut Errors) {
    if !matches!(variant.representation, Representation::Internal { .. })
        || variant.fields.shape != Shape::Newtype
    {
        return;
    }
    for field in &variant.fields.fields {
        if let Some(declaration) = &field.declaration
            && !declaration.form.shows()
        {
            errors.at(
                &declaration.attr,
                "#[redact] has no place here: the value's fields stand beside the tag; use #[record], \
                 and declare the fields of its type, or leave it out",
            );
        }
    }
}

fn declared_under_all(field: &Field, owner: &Owner, errors: &mut Errors) {
    if field.serde.skip {
        return;
    }
    let ident = match &field.member {
        Member::Named(ident) => ident,
        Member::Unnamed(_) => owner.ident,
    };
    let name = ident.to_string();
    let serde = field.serde.rename.iter().chain(&field.serde.aliases);
    let mut names: Vec<&str> = iter::once(name.as_str())
        .chain(serde.map(String::as_str))
        .collect();
    if matches!(field.member, Member::Unnamed(_)) {
        names.extend(&owner.names);
    }
    let secret = names.into_iter().find(|name| looks_secret(name));
    match (&field.declaration, secret) {
        (None, Some(secret)) => errors.at(
            ident,
            format!(
                "`{secret}` looks like a secret: under #[record(all)] it must have #[redact], or \
                 #[record] if it is none"
            ),
        ),
        (Some(declaration), None) if declaration.form == Form::Record => errors.at(
            &declaration.attr,
            "this does nothing: #[record(all)] records every field; remove one of the two",
        ),
        _ => {}
    }
}

fn something_is_recorded(input: &Input, errors: &mut Errors) {
    let has_fields = input.fields().next().is_some();
    if let Some(all) = &input.container.all {
        if !has_fields {
            errors.at(all, "`all` does nothing: the type has no fields");
        }
        return;
    }
    let names_variants = match &input.body {
        Body::Enum(variants) => variants
            .iter()
            .any(|variant| !matches!(variant.representation, Representation::Untagged)),
        Body::Struct { .. } | Body::Union => false,
    };
    let is_declared = input.fields().any(|field| field.declaration.is_some());
    if has_fields && !names_variants && !is_declared && !has_attrs(input) {
        errors.at(
            &input.source.ident,
            "nothing of this type is recorded: mark the fields that may be with #[record] or \
             #[redact], or all of them with #[record(all)] on the type",
        );
    }
}

/// A declaration that could not be read has been complained of.
fn has_attrs(input: &Input) -> bool {
    let of_fields = |fields: &syn::Fields| {
        fields
            .iter()
            .any(|field| field.attrs.iter().any(is_declaration))
    };
    match &input.source.data {
        syn::Data::Struct(data) => of_fields(&data.fields),
        syn::Data::Enum(data) => data
            .variants
            .iter()
            .any(|variant| of_fields(&variant.fields)),
        syn::Data::Union(_) => false,
    }
}
