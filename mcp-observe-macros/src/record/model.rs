//! What the type is, and what its JSON looks like. It borrows from the syntax; the rules are in
//! `validate`.

use proc_macro2::Span;
use quote::format_ident;
use syn::ext::IdentExt as _;
use syn::{Data, DeriveInput, Ident, Index, Member, Type};

use super::container::Container;
use super::declaration::{Declaration, Form};
use super::serde;
use crate::case::Case;
use crate::errors::Errors;

pub(crate) struct Input<'a> {
    pub(crate) source: &'a DeriveInput,
    pub(crate) container: &'a Container,
    pub(crate) body: Body<'a>,
}

pub(crate) enum Body<'a> {
    Struct {
        fields: Fields<'a>,
        /// A member that says the type's name.
        tag: Option<(String, String)>,
    },
    Enum(Vec<Variant<'a>>),
    Union,
}

pub(crate) struct Variant<'a> {
    pub(crate) source: &'a syn::Variant,
    pub(crate) name: String,
    pub(crate) aliases: Vec<String>,
    pub(crate) representation: Representation,
    pub(crate) fields: Fields<'a>,
    /// The caller cannot have sent it.
    pub(crate) skip: bool,
}

#[derive(Clone)]
pub(crate) enum Representation {
    External,
    Internal { tag: String },
    Adjacent { tag: String, content: String },
    Untagged,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Unit,
    /// As its only field is.
    Newtype,
    Tuple,
    Named,
}

pub(crate) struct Fields<'a> {
    pub(crate) shape: Shape,
    pub(crate) fields: Vec<Field<'a>>,
}

pub(crate) struct Field<'a> {
    pub(crate) ty: &'a Type,
    pub(crate) member: Member,
    /// The name of the variable that a pattern binds it to.
    pub(crate) binding: Ident,
    /// The member's name; that of an unnamed field is its index.
    pub(crate) key: String,
    pub(crate) serde: serde::Field,
    pub(crate) declaration: Option<Declaration>,
    /// What is recorded of it, if anything.
    pub(crate) form: Option<Form>,
}

impl<'a> Input<'a> {
    pub(crate) fn new(
        source: &'a DeriveInput,
        container: &'a Container,
        errors: &mut Errors,
    ) -> Self {
        let attrs = serde::Container::parse(&source.attrs);
        let all = container.all.is_some();
        let body = match &source.data {
            Data::Struct(data) => {
                let mut fields = Fields::new(&data.fields, attrs.rename_all, all, errors);
                if attrs.transparent {
                    fields.make_transparent();
                }
                let name = attrs.rename.unwrap_or_else(|| plain(&source.ident));
                let tag = attrs.tag.map(|tag| (tag, name));
                Body::Struct { fields, tag }
            }
            Data::Enum(data) => {
                let representation = representation(&attrs);
                let variants = data.variants.iter();
                Body::Enum(
                    variants
                        .map(|variant| Variant::new(variant, &attrs, &representation, all, errors))
                        .collect(),
                )
            }
            Data::Union(_) => Body::Union,
        };
        Self {
            source,
            container,
            body,
        }
    }

    /// The fields of the struct, or of each variant.
    pub(crate) fn groups(&self) -> impl Iterator<Item = &Fields<'a>> {
        let (one, many) = match &self.body {
            Body::Struct { fields, .. } => (Some(fields), [].as_slice()),
            Body::Enum(variants) => (None, variants.as_slice()),
            Body::Union => (None, [].as_slice()),
        };
        one.into_iter()
            .chain(many.iter().map(|variant| &variant.fields))
    }

    pub(crate) fn fields(&self) -> impl Iterator<Item = &Field<'a>> {
        self.groups().flat_map(|group| &group.fields)
    }
}

fn representation(attrs: &serde::Container) -> Representation {
    match (&attrs.tag, &attrs.content) {
        _ if attrs.untagged => Representation::Untagged,
        (Some(tag), Some(content)) => Representation::Adjacent {
            tag: tag.clone(),
            content: content.clone(),
        },
        (Some(tag), None) => Representation::Internal { tag: tag.clone() },
        (None, _) => Representation::External,
    }
}

impl<'a> Variant<'a> {
    fn new(
        source: &'a syn::Variant,
        container: &serde::Container,
        representation: &Representation,
        all: bool,
        errors: &mut Errors,
    ) -> Self {
        let attrs = serde::Variant::parse(&source.attrs);
        let name = plain(&source.ident);
        let case = attrs.rename_all.or(container.rename_all_fields);
        let mut fields = Fields::new(&source.fields, case, all, errors);
        if attrs.skip {
            for field in &mut fields.fields {
                field.serde.skip = true;
                field.form = None;
            }
        }
        Self {
            source,
            name: attrs.rename.unwrap_or_else(|| {
                container
                    .rename_all
                    .map_or_else(|| name.clone(), |case| case.of_variant(&name))
            }),
            aliases: attrs.aliases,
            representation: if attrs.untagged {
                Representation::Untagged
            } else {
                representation.clone()
            },
            fields,
            skip: attrs.skip,
        }
    }
}

impl<'a> Fields<'a> {
    fn new(source: &'a syn::Fields, case: Option<Case>, all: bool, errors: &mut Errors) -> Self {
        let shape = match source {
            syn::Fields::Unit => Shape::Unit,
            syn::Fields::Named(_) => Shape::Named,
            syn::Fields::Unnamed(fields) if fields.unnamed.len() == 1 => Shape::Newtype,
            syn::Fields::Unnamed(_) => Shape::Tuple,
        };
        let fields = source.iter().enumerate();
        Self {
            shape,
            fields: fields
                .map(|(index, field)| Field::new(index, field, case, all, errors))
                .collect(),
        }
    }

    /// Leaves the one field that serde leaves: what else there may be is skipped, or of no size.
    fn make_transparent(&mut self) {
        let shown = |field: &Field| field.declaration.is_some();
        let there = |field: &Field| !field.serde.skip && !is_phantom(field.ty);
        let fields = &self.fields;
        let index = fields.iter().position(shown);
        if let Some(index) = index.or_else(|| fields.iter().position(there)) {
            self.fields.swap(0, index);
            self.fields.truncate(1);
            self.shape = Shape::Newtype;
        }
    }
}

fn is_phantom(ty: &Type) -> bool {
    matches!(ty, Type::Path(path)
        if path.path.segments.last().is_some_and(|last| last.ident == "PhantomData"))
}

impl<'a> Field<'a> {
    fn new(
        index: usize,
        source: &'a syn::Field,
        case: Option<Case>,
        all: bool,
        errors: &mut Errors,
    ) -> Self {
        let serde = serde::Field::parse(&source.attrs);
        let declaration = Declaration::parse(&source.attrs, errors);
        let name = source.ident.as_ref().map(plain);
        let form = match &declaration {
            _ if serde.skip => None,
            Some(declaration) => Some(declaration.form),
            None => all.then_some(Form::Record),
        };
        Self {
            ty: &source.ty,
            member: match &source.ident {
                Some(ident) => Member::Named(ident.clone()),
                None => Member::Unnamed(Index::from(index)),
            },
            binding: format_ident!("__mcp_field{}", index, span = Span::mixed_site()),
            key: match (&serde.rename, name) {
                (Some(rename), _) => rename.clone(),
                (None, Some(name)) => match case {
                    Some(case) => case.of_field(&name),
                    None => name,
                },
                (None, None) => index.to_string(),
            },
            serde,
            declaration,
            form,
        }
    }
}

/// The name without `r#`.
fn plain(ident: &Ident) -> String {
    ident.unraw().to_string()
}
