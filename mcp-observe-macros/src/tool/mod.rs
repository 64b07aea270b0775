//! `#[mcp_tool]`.
//!
//! One stage, one file: `item` and `args` read syntax, `model` and `kind` say what the function is,
//! `labels`, `tags` and `recording` are what its arguments of these names are about, `validate` applies the rules, `expand` writes the function anew, and `fallback` gives the user's
//! own function back, next to the errors, when there are any.

mod args;
mod error_type;
mod expand;
mod fallback;
mod item;
mod items;
mod kind;
mod label_names;
mod labels;
mod model;
mod nameable;
mod recording;
mod tags;
#[cfg(test)]
mod tests;
mod validate;

use proc_macro2::TokenStream;

use crate::errors::Errors;

pub(crate) fn expand(args: TokenStream, item: &TokenStream) -> TokenStream {
    let function = match item::Function::parse(item.clone()) {
        Ok(function) => function,
        Err(error) => return fallback::untouched(&error, item),
    };
    let mut errors = Errors::default();
    let args = args::Args::parse(args, &mut errors);
    let tool = model::Tool::new(&args, &function, &mut errors);
    validate::tool(&tool, &mut errors);
    match errors.finish() {
        Ok(()) => expand::tool(&tool),
        Err(error) => fallback::function(&error, &function),
    }
}
