//! `#[derive(ErrorType)]`.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;
use syn::{Attribute, Data, DeriveInput, Fields, Ident, LitStr, Member, Meta, Path, Token, Type};

use crate::case::Case;
use crate::errors::{self, Errors};
use crate::runtime;

pub(crate) fn expand(input: TokenStream) -> TokenStream {
    errors::or_tokens(input, derive)
}

/// The class of a variant, or of a struct.
enum Class<'a> {
    Named(String),
    /// That of the error in its only field.
    Transparent {
        member: Member,
        ty: &'a Type,
    },
}

/// What `#[error_type(…)]` says.
enum Declared {
    Named(LitStr),
    Transparent(Path),
}

fn derive(input: &DeriveInput, errors: &mut Errors) -> TokenStream {
    let krate = crate_path(&input.attrs, errors);
    let private = runtime::private(krate.as_ref(), Span::mixed_site());
    let (classes, arms): (Vec<Class>, Vec<TokenStream>) = match &input.data {
        Data::Enum(data) => {
            if let Some(declared) = declared(&input.attrs, errors) {
                let tokens = match declared {
                    Declared::Named(name) => quote!(#name),
                    Declared::Transparent(path) => quote!(#path),
                };
                errors.at(
                    tokens,
                    "the classes of an enum are those of its variants: put #[error_type] on them",
                );
            }
            data.variants
                .iter()
                .map(|variant| {
                    let class = class(&variant.attrs, &variant.ident, &variant.fields, errors);
                    let arm = arm(&variant.ident, &class, &private);
                    (class, arm)
                })
                .unzip()
        }
        Data::Struct(data) => {
            let class = class(&input.attrs, &input.ident, &data.fields, errors);
            let body = match &class {
                Class::Named(name) => quote!(Self { .. } => #name,),
                Class::Transparent { member, .. } => {
                    quote!(Self { #member: inner } => #private::error_type!(inner),)
                }
            };
            (vec![class], vec![body])
        }
        Data::Union(data) => {
            errors.at(data.union_token, "a union does not say which error it is");
            return TokenStream::new();
        }
    };
    let own = classes.iter().filter_map(|class| match class {
        Class::Named(name) => Some(name),
        Class::Transparent { .. } => None,
    });
    let inner = classes.iter().filter_map(|class| match class {
        Class::Named(_) => None,
        Class::Transparent { ty, .. } => Some(quote_spanned! {ty.span()=>
            <#ty as #private::ErrorType>::TYPES
        }),
    });
    // `match self {}` does not work on a reference to an empty enum.
    let body = if arms.is_empty() {
        quote!(match *self {})
    } else {
        quote!(match self { #(#arms)* })
    };
    let ident = &input.ident;
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #impl_generics #private::ErrorType for #ident #ty_generics #where_clause {
            const TYPES: #private::ErrorTypes =
                #private::ErrorTypes::new(&[#(#own),*], &[#(#inner),*]);

            fn error_type(&self) -> &'static #private::str {
                #body
            }
        }
    }
}

fn arm(variant: &Ident, class: &Class, private: &TokenStream) -> TokenStream {
    match class {
        Class::Named(name) => quote!(Self::#variant { .. } => #name,),
        Class::Transparent { member, .. } => {
            quote!(Self::#variant { #member: inner } => #private::error_type!(inner),)
        }
    }
}

fn class<'a>(
    attrs: &[Attribute],
    ident: &Ident,
    fields: &'a Fields,
    errors: &mut Errors,
) -> Class<'a> {
    let by_name = Case::Snake.of_variant(&ident.unraw().to_string());
    match declared(attrs, errors) {
        None => {
            if let Some(refusal) = refuse(&by_name) {
                errors.at(ident, refusal);
            }
            Class::Named(by_name)
        }
        Some(Declared::Named(name)) => {
            if let Some(refusal) = refuse(&name.value()) {
                errors.at(&name, refusal);
            }
            Class::Named(name.value())
        }
        Some(Declared::Transparent(path)) => {
            let mut all = fields.iter();
            let (Some(field), None) = (all.next(), all.next()) else {
                errors.at(
                    path,
                    "#[error_type(transparent)] passes on the class of the one error inside: there \
                     has to be exactly one field",
                );
                return Class::Named(by_name);
            };
            let member = field
                .ident
                .clone()
                .map_or_else(|| Member::Unnamed(0.into()), Member::Named);
            Class::Transparent {
                member,
                ty: &field.ty,
            }
        }
    }
}

fn declared(attrs: &[Attribute], errors: &mut Errors) -> Option<Declared> {
    const FORMS: &str = "#[error_type] takes the name of a class, `#[error_type(\"not_found\")]`, or \
                         `#[error_type(transparent)]`";
    let mut declared = None;
    for attr in attrs
        .iter()
        .filter(|attr| attr.path().is_ident("error_type"))
    {
        let Meta::List(list) = &attr.meta else {
            errors.at(attr, FORMS);
            continue;
        };
        // `crate = path` is of the whole type, and was read already.
        if list
            .tokens
            .clone()
            .into_iter()
            .next()
            .is_some_and(|first| first.to_string() == "crate")
        {
            continue;
        }
        let parsed = match list.parse_args::<LitStr>() {
            Ok(name) => Declared::Named(name),
            Err(_) => match list.parse_args::<Path>() {
                Ok(path) if path.is_ident("transparent") => Declared::Transparent(path),
                _ => {
                    errors.at(&list.tokens, FORMS);
                    continue;
                }
            },
        };
        if declared.is_some() {
            errors.at(
                attr,
                "duplicate #[error_type]: an error has one class, keep one of them",
            );
        }
        declared = Some(parsed);
    }
    declared
}

/// `#[error_type(crate = path)]` on the type.
fn crate_path(attrs: &[Attribute], errors: &mut Errors) -> Option<Path> {
    let mut krate = None;
    for attr in attrs
        .iter()
        .filter(|attr| attr.path().is_ident("error_type"))
    {
        let parsed = attr.parse_args_with(|input: syn::parse::ParseStream| {
            if !input.peek(Token![crate]) {
                return input.parse::<TokenStream>().map(|_| None);
            }
            input.parse::<Token![crate]>()?;
            input.parse::<Token![=]>()?;
            input.call(Path::parse_mod_style).map(Some)
        });
        match parsed {
            Ok(path) => krate = path.or(krate),
            Err(error) if matches!(attr.meta, Meta::List(_)) => errors.push(error),
            // Without parentheses: `declared` tells.
            Err(_) => {}
        }
    }
    krate
}

/// Why a class cannot have this name; none if it can.
fn refuse(name: &str) -> Option<String> {
    const MAX: usize = 64;
    if name == "cancelled" || name == "panic" {
        return Some(format!(
            "`{name}` is the class of calls that ended so without an error: name this one \
             otherwise, as in `#[error_type(\"{name}_upstream\")]`"
        ));
    }
    let starts_well = name.starts_with(|c: char| c.is_ascii_lowercase());
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_.".contains(c);
    if starts_well && name.len() <= MAX && name.chars().all(is_plain) {
        return None;
    }
    Some(format!(
        "a class of errors is 1 to {MAX} characters of `a-z 0-9 _ .` and begins with a letter: \
         name it with `#[error_type(\"…\")]`"
    ))
}
