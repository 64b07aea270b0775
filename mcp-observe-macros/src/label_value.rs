//! `#[derive(LabelValue)]`.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::{Attribute, Data, DataEnum, DeriveInput, Fields, Ident, LitInt, LitStr, Path, Type};

use crate::case::Case;
use crate::errors::{self, Errors};
use crate::runtime;

pub(crate) fn expand(input: TokenStream) -> TokenStream {
    errors::or_tokens(input, derive)
}

/// What `#[label(…)]` says of the type.
#[derive(Default)]
struct Options {
    rename_all: Option<Case>,
    max: Option<LitInt>,
    krate: Option<Path>,
}

impl Options {
    fn parse(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut options = Self::default();
        for attr in attrs.iter().filter(|attr| attr.path().is_ident("label")) {
            let parsed = attr.parse_nested_meta(|meta| {
                if meta.path.is_ident("rename_all") {
                    options.rename_all = Some(Case::parse(&meta.value()?.parse::<LitStr>()?)?);
                } else if meta.path.is_ident("max") {
                    options.max = Some(meta.value()?.parse()?);
                } else if meta.path.is_ident("crate") {
                    options.krate = Some(meta.value()?.call(Path::parse_mod_style)?);
                } else {
                    return Err(meta.error(
                        "unknown argument: on a type #[label] takes `rename_all = \"…\"`, \
                         `max = N` and `crate = path`",
                    ));
                }
                Ok(())
            });
            if let Err(error) = parsed {
                errors.push(error);
            }
        }
        options
    }
}

fn derive(input: &DeriveInput, errors: &mut Errors) -> TokenStream {
    let options = Options::parse(&input.attrs, errors);
    match &input.data {
        Data::Enum(data) => closed(input, data, &options, errors),
        Data::Struct(data) => bounded(input, &data.fields, &options, errors),
        Data::Union(data) => {
            errors.at(
                data.union_token,
                "a union has no values that can be counted",
            );
            TokenStream::new()
        }
    }
}

/// An enum: its variants are the values.
fn closed(
    input: &DeriveInput,
    data: &DataEnum,
    options: &Options,
    errors: &mut Errors,
) -> TokenStream {
    if let Some(max) = &options.max {
        errors.at(
            max,
            "`max` is for a struct around a string: the variants of an enum are counted already",
        );
    }
    if data.variants.is_empty() {
        errors.at(
            &input.ident,
            "an enum without variants has no value: a label needs one",
        );
    }
    let mut names: Vec<String> = Vec::new();
    for variant in &data.variants {
        if !matches!(variant.fields, Fields::Unit) {
            errors.at(
                &variant.fields,
                "a variant of a label has no fields: what is in them would not be bounded",
            );
        }
        let name = variant_name(&variant.attrs, &variant.ident, options, errors);
        if names.contains(&name) {
            errors.at(
                &variant.ident,
                format!("two variants have the value `{name}`: rename one of them"),
            );
        }
        names.push(name);
    }
    let idents = data.variants.iter().map(|variant| &variant.ident);
    let indices = 0..data.variants.len();
    let private = private(options);
    let body = quote! {
        const VALUES: #private::LabelValues = #private::LabelValues::closed(&[#(#names),*]);

        fn index(&self) -> #private::usize {
            match self {
                #(Self::#idents => #indices,)*
            }
        }
    };
    implement(input, options, &body)
}

fn variant_name(
    attrs: &[Attribute],
    ident: &Ident,
    options: &Options,
    errors: &mut Errors,
) -> String {
    let mut rename: Option<LitStr> = None;
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("label")) {
        let parsed = attr.parse_nested_meta(|meta| {
            if !meta.path.is_ident("rename") {
                return Err(
                    meta.error("unknown argument: on a variant #[label] takes `rename = \"…\"`")
                );
            }
            rename = Some(meta.value()?.parse()?);
            Ok(())
        });
        if let Err(error) = parsed {
            errors.push(error);
        }
    }
    let Some(rename) = rename else {
        let case = options.rename_all.unwrap_or(Case::Snake);
        return case.of_variant(&ident.unraw().to_string());
    };
    let name = rename.value();
    if !(1..=MAX_VALUE).contains(&name.len()) || name.chars().any(char::is_control) {
        errors.at(
            &rename,
            format!("a value of a label is 1 to {MAX_VALUE} bytes without control characters"),
        );
    }
    name
}

/// Longest value, in bytes, as for those that are known only at run time.
const MAX_VALUE: usize = 128;

/// More would not be a label any more.
const MOST: usize = 1_000;

/// A struct around a string: the first so many values that occur.
fn bounded(
    input: &DeriveInput,
    fields: &Fields,
    options: &Options,
    errors: &mut Errors,
) -> TokenStream {
    let mut all = fields.iter();
    let (Some(field), None) = (all.next(), all.next()) else {
        errors.at(
            &input.ident,
            "a label is an enum without fields, or a struct around one string with \
             `#[label(max = N)]`",
        );
        return TokenStream::new();
    };
    let Some(max) = &options.max else {
        errors.at(
            &input.ident,
            "how many values can this label have? `#[label(max = N)]` keeps the first N that occur, \
             further ones are `_OTHER`",
        );
        return TokenStream::new();
    };
    if options.rename_all.is_some() {
        errors.at(&input.ident, "`rename_all` is for the variants of an enum");
    }
    if !max
        .base10_parse::<usize>()
        .is_ok_and(|max| (1..=MOST).contains(&max))
    {
        errors.at(
            max,
            format!("`max` is 1 to {MOST}: each value is a time series"),
        );
    }
    let private = private(options);
    let member = field
        .ident
        .as_ref()
        .map_or_else(|| quote!(0), |ident| quote!(#ident));
    let ty: &Type = &field.ty;
    let text =
        quote_spanned!(syn::spanned::Spanned::span(ty)=> #private::text::<#ty>(&self.#member));
    let body = quote! {
        const VALUES: #private::LabelValues =
            #private::LabelValues::bounded(#max, |index| __MCP_VALUES.name(index));

        fn index(&self) -> #private::usize {
            __MCP_VALUES.index(#text)
        }
    };
    let implementation = implement(input, options, &body);
    quote! {
        const _: () = {
            static __MCP_VALUES: #private::ValueSet<#max> = #private::ValueSet::new();
            #implementation
        };
    }
}

fn implement(input: &DeriveInput, options: &Options, body: &TokenStream) -> TokenStream {
    let private = private(options);
    let ident = &input.ident;
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #impl_generics #private::LabelValue for #ident #ty_generics #where_clause {
            #body
        }
    }
}

fn private(options: &Options) -> TokenStream {
    runtime::private(options.krate.as_ref(), Span::mixed_site())
}
