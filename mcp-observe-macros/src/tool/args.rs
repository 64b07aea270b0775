//! The arguments of `#[mcp_tool(…)]`: their syntax, and what can be said of each one alone.

use proc_macro2::{Literal, Span, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::punctuated::Punctuated;
use syn::{
    Expr, ExprLit, Ident, Lit, LitBool, LitInt, LitStr, Path, Token, bracketed, parenthesized,
    token,
};

use super::labels::Label;
use super::tags::{self, Tag};
use crate::errors::Errors;
use crate::record::declaration::{self, Form};

#[derive(Default)]
pub(crate) struct Args {
    pub(crate) name: Option<LitStr>,
    pub(crate) buckets: Option<Vec<Bucket>>,
    pub(crate) labels: Option<Vec<Label>>,
    /// The word itself.
    pub(crate) tokens: Option<Ident>,
    pub(crate) tags: Option<Vec<Tag>>,
    pub(crate) budget: Option<LitInt>,
    /// The word itself.
    pub(crate) record_all: Option<Ident>,
    pub(crate) result: Option<Form>,
    pub(crate) error_message: bool,
    pub(crate) krate: Option<Path>,
}

/// An upper bound of the duration histogram, in seconds.
pub(crate) struct Bucket {
    seconds: f64,
    span: Span,
}

impl Bucket {
    /// As the runtime wants it, at the place where the user wrote it.
    pub(crate) fn to_literal(&self) -> Literal {
        let mut literal = Literal::f64_suffixed(self.seconds);
        literal.set_span(self.span);
        literal
    }
}

/// A list for the messages; the arguments themselves are in [`Args::parse_one`].
const KNOWN: &str = "`name`, `buckets`, `labels`, `tokens`, `tags`, `budget`, `record_all`, \
                     `result`, `error_message` and `crate`";

impl Args {
    /// Reads on after an error, so that all of them are reported at once.
    pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut args = Self::default();
        let list = |input: ParseStream| -> syn::Result<()> {
            while !input.is_empty() {
                if let Err(error) = args.parse_one(input, errors) {
                    errors.push(error);
                    skip_argument(input)?;
                }
                if !input.is_empty()
                    && let Err(error) = input.parse::<Token![,]>()
                {
                    errors.push(error);
                    skip_argument(input)?;
                    input.parse::<Option<Token![,]>>()?;
                }
            }
            Ok(())
        };
        if let Err(error) = list.parse2(tokens) {
            errors.push(error);
        }
        args
    }

    fn parse_one(&mut self, input: ParseStream, errors: &mut Errors) -> syn::Result<()> {
        if !input.peek(Ident::peek_any) {
            return Err(input.error(format!("expected an argument: #[mcp_tool] takes {KNOWN}")));
        }
        let key = input.call(Ident::parse_any)?;
        match key.to_string().as_str() {
            "name" => set(&mut self.name, &key, errors, || {
                value(&key, "name = \"get_weather\"", "a string literal", input)
            }),
            "buckets" => set(&mut self.buckets, &key, errors, || {
                parse_buckets(&key, input)
            }),
            "labels" => set(&mut self.labels, &key, errors, || parse_labels(&key, input)),
            "tokens" => set(&mut self.tokens, &key, errors, || parse_tokens(&key, input)),
            "tags" => set(&mut self.tags, &key, errors, || tags::parse(&key, input)),
            "budget" => set(&mut self.budget, &key, errors, || parse_budget(&key, input)),
            "record_all" => set(&mut self.record_all, &key, errors, || Ok(key.clone())),
            "result" => set(&mut self.result, &key, errors, || parse_result(&key, input)),
            "error_message" => {
                let mut on = self.error_message.then_some(());
                set(&mut on, &key, errors, || parse_true(&key, input))?;
                self.error_message = on.is_some();
                Ok(())
            }
            "crate" => set(&mut self.krate, &key, errors, || {
                let form = "crate = path::to::mcp_observe";
                value_with(&key, form, "a path", input, Path::parse_mod_style)
            }),
            _ => Err(syn::Error::new_spanned(
                &key,
                format!("unknown argument `{key}`: #[mcp_tool] takes {KNOWN}"),
            )),
        }
    }
}

/// Moves on to the next comma: commas inside of brackets are not seen here.
pub(super) fn skip_argument(input: ParseStream) -> syn::Result<()> {
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<TokenTree>()?;
    }
    Ok(())
}

/// Parses the value of `key` into its slot. A second one is parsed and dropped, as an error.
fn set<T>(
    slot: &mut Option<T>,
    key: &Ident,
    errors: &mut Errors,
    parse: impl FnOnce() -> syn::Result<T>,
) -> syn::Result<()> {
    if slot.is_some() {
        errors.at(key, format!("duplicate argument `{key}`: keep one of them"));
        return parse().map(drop);
    }
    *slot = Some(parse()?);
    Ok(())
}

fn value<T: syn::parse::Parse>(
    key: &Ident,
    form: &str,
    what: &str,
    input: ParseStream,
) -> syn::Result<T> {
    value_with(key, form, what, input, T::parse)
}

/// `= value`, with one message for all ways to get it wrong: it shows the right one.
fn value_with<T>(
    key: &Ident,
    form: &str,
    what: &str,
    input: ParseStream,
    parse: fn(ParseStream) -> syn::Result<T>,
) -> syn::Result<T> {
    let message = format!("`{key}` takes {what}, as in `{form}`");
    if !input.peek(Token![=]) {
        return Err(syn::Error::new_spanned(key, message));
    }
    input.parse::<Token![=]>()?;
    if input.is_empty() || input.peek(Token![,]) {
        return Err(syn::Error::new_spanned(key, message));
    }
    let span = input.span();
    parse(input).map_err(|_| syn::Error::new(span, message))
}

fn parse_labels(key: &Ident, input: ParseStream) -> syn::Result<Vec<Label>> {
    if !input.peek(token::Paren) {
        let message =
            "`labels` takes a list in parentheses, as in `labels(unit, region: Region = …)`";
        return Err(syn::Error::new_spanned(key, message));
    }
    let content;
    parenthesized!(content in input);
    if content.is_empty() {
        let message = "this list of labels is empty: name one, or leave `labels` out";
        return Err(syn::Error::new_spanned(key, message));
    }
    let labels = Punctuated::<Label, Token![,]>::parse_terminated(&content)?;
    Ok(labels.into_iter().collect())
}

/// `result(record)`, `result(redact(hash))`: what attributes say of arguments.
fn parse_result(key: &Ident, input: ParseStream) -> syn::Result<Form> {
    if !input.peek(token::Paren) {
        let message = "`result` says how the result is recorded, as in `result(record)` or \
                       `result(redact(hash))`";
        return Err(syn::Error::new_spanned(key, message));
    }
    let content;
    parenthesized!(content in input);
    declaration::parse(&content)
}

fn parse_true(key: &Ident, input: ParseStream) -> syn::Result<()> {
    let value: LitBool = value(key, "error_message = true", "`true`", input)?;
    if value.value {
        return Ok(());
    }
    let message = format!("`{key} = false` does nothing: it is the default, leave it out");
    Err(syn::Error::new_spanned(value, message))
}

fn parse_tokens(key: &Ident, input: ParseStream) -> syn::Result<Ident> {
    if input.is_empty() || input.peek(Token![,]) {
        return Ok(key.clone());
    }
    let message = "`tokens` takes no value: it declares that the tool records token usage, as in \
                   `#[mcp_tool(tokens)]`";
    Err(input.error(message))
}

fn parse_budget(key: &Ident, input: ParseStream) -> syn::Result<LitInt> {
    let what = "the number of time series that the tool may have";
    let budget: LitInt = value(key, "budget = 800", what, input)?;
    match (budget.base10_parse::<usize>(), budget.suffix()) {
        (Ok(_), "" | "usize") => Ok(budget),
        _ => Err(syn::Error::new_spanned(
            budget,
            "a budget is a number of time series that fits a `usize`",
        )),
    }
}

fn parse_buckets(key: &Ident, input: ParseStream) -> syn::Result<Vec<Bucket>> {
    let (bracket, elements) = value_with(
        key,
        "buckets = [0.1, 1, 5]",
        "a list of seconds in brackets",
        input,
        |input| {
            let content;
            let bracket = bracketed!(content in input);
            let elements = content.parse::<TokenStream>()?;
            Ok((bracket, elements))
        },
    )?;
    let elements = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(elements)?;
    if elements.is_empty() {
        return Err(empty_buckets(bracket));
    }
    let mut errors = Errors::default();
    let mut buckets = Vec::<Bucket>::new();
    for element in elements {
        match parse_bucket(element, buckets.last()) {
            Ok(bucket) => buckets.push(bucket),
            Err(error) => errors.push(error),
        }
    }
    errors.finish()?;
    Ok(buckets)
}

fn empty_buckets(bracket: token::Bracket) -> syn::Error {
    syn::Error::new(
        bracket.span.join(),
        "a histogram needs at least one bucket: name one, or leave `buckets` out for the default ones",
    )
}

fn parse_bucket(element: Expr, previous: Option<&Bucket>) -> syn::Result<Bucket> {
    let literal = match peel_groups(element) {
        Expr::Lit(ExprLit {
            lit: lit @ (Lit::Float(_) | Lit::Int(_)),
            ..
        }) => lit,
        other => {
            return Err(syn::Error::new_spanned(
                other,
                "a bucket is a positive number of seconds, written as a literal such as `0.25` or `5`",
            ));
        }
    };
    let (digits, suffix) = match &literal {
        Lit::Float(float) => (float.base10_digits(), float.suffix()),
        Lit::Int(int) => (int.base10_digits(), int.suffix()),
        _ => unreachable!("the pattern above lets only numbers through"),
    };
    let fail = |message: String| Err(syn::Error::new_spanned(&literal, message));
    if !matches!(suffix, "" | "f64") {
        return fail(format!(
            "a bucket is an `f64`: leave the suffix `{suffix}` out"
        ));
    }
    let Ok(seconds) = digits.parse::<f64>() else {
        return fail(format!("`{digits}` cannot be read as an `f64`"));
    };
    if !seconds.is_finite() {
        return fail(
            "a bucket must be finite; the histogram adds the infinite one itself".to_owned(),
        );
    }
    if seconds <= 0.0 {
        return fail("a bucket must be above zero: no call takes less time than none".to_owned());
    }
    if let Some(previous) = previous
        && seconds <= previous.seconds
    {
        return fail(format!(
            "buckets must increase: this one follows {}",
            previous.seconds
        ));
    }
    Ok(Bucket {
        seconds,
        span: literal.span(),
    })
}

/// A fragment of a `macro_rules!` macro arrives in an invisible group.
fn peel_groups(expr: Expr) -> Expr {
    match expr {
        Expr::Group(group) => peel_groups(*group.expr),
        other => other,
    }
}
