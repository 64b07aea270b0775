//! What `#[record]` or `#[redact]` says of one value: a field's, or a function parameter's.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::{Attribute, Expr, ExprLit, Lit, Meta, Token};

use crate::errors::Errors;
use crate::spans;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// `#[record]`: as its type says.
    Record,
    /// `#[record(serde)]`: whole.
    Serde,
    /// `#[redact]`: that it is there.
    Redact,
    /// `#[redact(hash)]`
    Hash,
    /// `#[redact(keep_last = N)]`
    KeepLast(usize),
}

impl Form {
    /// Whether the value itself is recorded.
    pub(crate) fn shows(self) -> bool {
        matches!(self, Self::Record | Self::Serde)
    }
}

pub(crate) struct Declaration {
    pub(crate) form: Form,
    /// Where it was said.
    pub(crate) attr: Attribute,
}

const RECORD: &str = "#[record] stands alone, or is #[record(serde)]";
const REDACT: &str = "#[redact] stands alone, or is #[redact(hash)] or #[redact(keep_last = 4)]";
const KEEP_LAST: &str =
    "`keep_last` takes the number of characters that are kept, from 1 to 8, as in `keep_last = 4`";

/// Whether the attribute is a declaration.
pub(crate) fn is_declaration(attr: &Attribute) -> bool {
    attr.path().is_ident("record") || attr.path().is_ident("redact")
}

impl Declaration {
    /// The declaration among the attributes of a field or parameter.
    pub(crate) fn parse(attrs: &[Attribute], errors: &mut Errors) -> Option<Self> {
        let mut first: Option<&Attribute> = None;
        let mut declaration = None;
        for attr in attrs.iter().filter(|attr| is_declaration(attr)) {
            if let Some(first) = first {
                errors.at(attr, second(first, attr));
                continue;
            }
            first = Some(attr);
            match form(&attr.meta, attr) {
                Ok(form) => {
                    let attr = attr.clone();
                    declaration = Some(Self { form, attr });
                }
                Err(error) => errors.push(error),
            }
        }
        declaration
    }
}

fn second(first: &Attribute, attr: &Attribute) -> String {
    if first.path() != attr.path() {
        return "#[record] and #[redact] contradict each other: keep one of them".to_owned();
    }
    let name = if attr.path().is_ident("record") {
        "record"
    } else {
        "redact"
    };
    format!("duplicate #[{name}]: keep one of them")
}

/// The declaration that stands where no attribute can: `record`, `redact(hash)`.
pub(crate) fn parse(input: ParseStream) -> syn::Result<Form> {
    const FORMS: &str = "expected `record` or `redact`, as attributes of arguments have it";
    let meta: Meta = input.parse().map_err(|_| input.error(FORMS))?;
    if !meta.path().is_ident("record") && !meta.path().is_ident("redact") {
        return Err(syn::Error::new_spanned(meta, FORMS));
    }
    if !input.is_empty() {
        return Err(input.error("one declaration is enough"));
    }
    form(&meta, &meta)
}

/// `whole` is what an error of the declaration as a whole points at.
fn form(meta: &Meta, whole: &impl ToTokens) -> syn::Result<Form> {
    let (plain, rule) = if meta.path().is_ident("record") {
        (Form::Record, RECORD)
    } else {
        (Form::Redact, REDACT)
    };
    let list = match meta {
        Meta::Path(_) => return Ok(plain),
        Meta::List(list) => list,
        Meta::NameValue(_) => return Err(syn::Error::new_spanned(whole, rule)),
    };
    let arguments = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)?;
    let mut arguments = arguments.into_iter();
    let Some(argument) = arguments.next() else {
        return Err(syn::Error::new_spanned(whole, rule));
    };
    let form = self::argument(plain, &argument, rule)?;
    match arguments.next() {
        Some(second) => Err(syn::Error::new_spanned(
            second,
            format!("one argument is enough: {rule}"),
        )),
        None => Ok(form),
    }
}

fn argument(plain: Form, argument: &Meta, rule: &str) -> syn::Result<Form> {
    let name = argument
        .path()
        .get_ident()
        .map(ToString::to_string)
        .unwrap_or_default();
    match (plain, name.as_str(), argument) {
        (Form::Record, "serde", Meta::Path(_)) => Ok(Form::Serde),
        (Form::Redact, "hash", Meta::Path(_)) => Ok(Form::Hash),
        (Form::Redact, "keep_last", _) => keep_last(argument),
        (Form::Record, "serde", _) | (Form::Redact, "hash", _) => Err(syn::Error::new_spanned(
            argument,
            format!("`{name}` takes no value: {rule}"),
        )),
        (Form::Record, "all" | "crate", _) => Err(syn::Error::new_spanned(
            argument,
            format!("`{name}` is said of the whole type: on a field, {rule}"),
        )),
        _ => Err(syn::Error::new_spanned(
            argument,
            format!("unknown argument{}: {rule}", quoted(&name)),
        )),
    }
}

/// Nothing for a path that is no name.
fn quoted(name: &str) -> String {
    if name.is_empty() {
        String::new()
    } else {
        format!(" `{name}`")
    }
}

fn keep_last(argument: &Meta) -> syn::Result<Form> {
    let Meta::NameValue(pair) = argument else {
        return Err(syn::Error::new_spanned(argument, KEEP_LAST));
    };
    let number = match &pair.value {
        Expr::Lit(ExprLit {
            lit: Lit::Int(number),
            ..
        }) => number.base10_parse().ok(),
        _ => None,
    };
    match number {
        Some(number @ 1..=8) => Ok(Form::KeepLast(number)),
        _ => Err(syn::Error::new_spanned(&pair.value, KEEP_LAST)),
    }
}

/// What is recorded of a value, as a reference to something that implements `Record`. `value` is a
/// reference; the result stands where it does.
pub(crate) fn view(private: &TokenStream, value: &TokenStream, form: Form) -> TokenStream {
    let span = Span::mixed_site().located_at(value.span());
    let private = spans::moved(private, span);
    match form {
        Form::Record => value.clone(),
        Form::Serde => quote_spanned!(span=> &#private::whole(#value)),
        Form::Redact => quote_spanned!(span=> &#private::redacted!(#value)),
        Form::Hash => quote_spanned!(span=> &#private::hashed!(#value)),
        Form::KeepLast(kept) => quote_spanned!(span=> &#private::keep_last!(#value, #kept)),
    }
}

/// The statement that writes a value as a member of `object`, an expression of type
/// `ObjectRecorder`. `value` is a reference; a trait that its type lacks is complained of there.
pub(crate) fn write_field(
    private: &TokenStream,
    object: &TokenStream,
    key: &str,
    value: &TokenStream,
    form: Form,
) -> TokenStream {
    let view = view(private, value, form);
    quote!(#object.member(#key, #view);)
}
