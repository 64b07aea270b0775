//! The argument `tags(…)`: what the tool does that matters to security. The set is closed, so that
//! whatever reads the tags knows all of them.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote_spanned};
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{Ident, Lit, Token, parenthesized, token};

use super::args::skip_argument;
use super::expand::private;
use super::model::Tool;
use crate::errors::Errors;

/// A tag that there is, as it is written.
pub(crate) struct Tag(Ident);

const ALL: [&str; 3] = ["source", "sink", "sensitive"];

/// What a tag has to be, with the reason to choose each.
const RULE: &str = "a tag is `source` (reads data that may be confidential), `sink` (sends data \
                    out of the trust boundary) or `sensitive` (its first use by a user is worth \
                    an alert)";

/// `(source, sensitive)`. Reads on after an error, so that all of them are reported at once.
pub(crate) fn parse(key: &Ident, input: ParseStream) -> syn::Result<Vec<Tag>> {
    if !input.peek(token::Paren) {
        let message = "`tags` takes a list in parentheses, as in `tags(source, sensitive)`";
        return Err(syn::Error::new_spanned(key, message));
    }
    let content;
    parenthesized!(content in input);
    if content.is_empty() {
        let message = format!("this list of tags is empty: name one, or leave `tags` out; {RULE}");
        return Err(syn::Error::new_spanned(key, message));
    }
    let mut errors = Errors::default();
    let mut tags = Vec::<Tag>::new();
    while !content.is_empty() {
        match parse_one(&content, &tags) {
            Ok(tag) => tags.push(tag),
            Err(error) => {
                errors.push(error);
                skip_argument(&content)?;
            }
        }
        if !content.is_empty()
            && let Err(error) = content.parse::<Token![,]>()
        {
            errors.push(error);
            skip_argument(&content)?;
            content.parse::<Option<Token![,]>>()?;
        }
    }
    errors.finish()?;
    Ok(tags)
}

fn parse_one(input: ParseStream, before: &[Tag]) -> syn::Result<Tag> {
    if let Ok(literal) = input.fork().parse::<Lit>() {
        let message = match &literal {
            Lit::Str(text) if ALL.contains(&&*text.value()) => {
                format!("a tag is a plain word: write `{}`", text.value())
            }
            _ => RULE.to_owned(),
        };
        return Err(syn::Error::new_spanned(literal, message));
    }
    if !input.peek(Ident::peek_any) {
        return Err(input.error(RULE));
    }
    let tag = input.call(Ident::parse_any)?;
    let fail = |message: String| Err(syn::Error::new_spanned(&tag, message));
    if !ALL.iter().any(|known| tag == known) {
        return fail(format!("unknown tag `{tag}`: {RULE}"));
    }
    if before.iter().any(|Tag(other)| tag == *other) {
        return fail(format!("duplicate tag `{tag}`: keep one of them"));
    }
    Ok(Tag(tag))
}

/// The tool's tags as the runtime's set; nothing if it has none.
pub(super) fn set(tool: &Tool) -> Option<TokenStream> {
    let tags = tool.args.tags.as_ref()?;
    let span = Span::mixed_site();
    let private = private(tool, span);
    let constants = tags
        .iter()
        .map(|Tag(tag)| format_ident!("{}", tag.to_string().to_uppercase(), span = span));
    Some(quote_spanned! {span=>
        #private::Tags::NONE #(.with(#private::Tags::#constants))*
    })
}
