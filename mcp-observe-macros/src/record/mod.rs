//! `#[derive(Record)]`, and the declarations that function parameters share with fields.
//!
//! One stage, one file: `container`, `declaration` and `serde` read attributes, `model` says what
//! the type's JSON looks like, `validate` applies the rules (with `secret_name` and `secret_type`),
//! `expand` and `bounds` write the implementation.

mod bounds;
mod container;
pub(crate) mod declaration;
mod expand;
mod model;
pub(crate) mod secret_name;
pub(crate) mod secret_type;
mod serde;
mod validate;

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::errors::Errors;

pub(crate) fn derive(input: TokenStream) -> TokenStream {
    let source: DeriveInput = match syn::parse2(input) {
        Ok(source) => source,
        Err(error) => return error.into_compile_error(),
    };
    let mut errors = Errors::default();
    let container = container::Container::parse(&source.attrs, &mut errors);
    let input = model::Input::new(&source, &container, &mut errors);
    validate::input(&input, &mut errors);
    match errors.finish() {
        Ok(()) => expand::input(&input),
        Err(error) => {
            let mut tokens = expand::fallback(&source, &container);
            tokens.extend(error.into_compile_error());
            tokens
        }
    }
}
