//! The type whose error classes a tool's constants have: that of what its function returns, if the
//! items inside the function can name it.

use syn::{GenericArgument, PathArguments, Type};

use super::kind::peel;
use super::nameable::{Nameable, without_lifetimes};

/// The returned type, as far as its errors are concerned: what else a `Result` has is put as `()`.
pub(crate) fn of(returned: &Type, nameable: &Nameable) -> Option<Type> {
    let Type::Path(path) = peel(returned) else {
        return None;
    };
    let mut path = path.clone();
    let last = path.path.segments.last_mut()?;
    if last.ident == "Result"
        && let PathArguments::AngleBracketed(arguments) = &mut last.arguments
        && let Some(GenericArgument::Type(value)) = arguments.args.first_mut()
    {
        *value = syn::parse_quote!(());
    }
    let ty = Type::Path(path);
    nameable.is_surely(&ty).then(|| without_lifetimes(&ty))
}
