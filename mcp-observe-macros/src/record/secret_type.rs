//! Types that keep secrets. They implement nothing that could record them; being told why is better
//! than being told that a trait is missing.

use quote::ToTokens as _;
use syn::{GenericArgument, PathArguments, ReturnType, Type};

use crate::errors::Errors;

/// Of `secrecy`, and of crates that followed it.
const NAMES: [&str; 3] = ["Secret", "SecretBox", "SecretString"];

/// Complains of a type that is recorded and is, or has in it, a secret's.
pub(crate) fn refuse(ty: &Type, errors: &mut Errors) {
    if let Some(secret) = find(ty) {
        let name = secret.to_token_stream().to_string().replace(' ', "");
        errors.at(
            secret,
            format!(
                "`{name}` keeps a secret and cannot be recorded: use #[redact], which records that there is one"
            ),
        );
    }
}

fn find(ty: &Type) -> Option<&Type> {
    match ty {
        Type::Path(path) => {
            let last = path.path.segments.last()?;
            if NAMES.iter().any(|name| last.ident == name) {
                return Some(ty);
            }
            match &last.arguments {
                PathArguments::AngleBracketed(arguments) => {
                    arguments.args.iter().find_map(|argument| match argument {
                        GenericArgument::Type(ty) => find(ty),
                        _ => None,
                    })
                }
                PathArguments::Parenthesized(arguments) => match &arguments.output {
                    ReturnType::Type(_, ty) => find(ty),
                    ReturnType::Default => None,
                },
                PathArguments::None => None,
            }
        }
        Type::Reference(reference) => find(&reference.elem),
        Type::Slice(slice) => find(&slice.elem),
        Type::Array(array) => find(&array.elem),
        Type::Paren(paren) => find(&paren.elem),
        Type::Group(group) => find(&group.elem),
        Type::Tuple(tuple) => tuple.elems.iter().find_map(find),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;
    use syn::{Type, parse_quote};

    use super::find;

    #[test]
    fn secrets_are_found_inside_of_other_types() {
        let found = |ty: Type| find(&ty).map(|ty| ty.to_token_stream().to_string());
        assert_eq!(found(parse_quote!(SecretString)).unwrap(), "SecretString");
        let inside: [Type; 6] = [
            parse_quote!(Option<Vec<secrecy::SecretBox<u8>>>),
            parse_quote!(Box<[secrecy::SecretBox<u8>]>),
            parse_quote!(&'a [secrecy::SecretBox<u8>; 2]),
            parse_quote!((u8, (secrecy::SecretBox<u8>))),
            parse_quote!(std::collections::HashMap<String, secrecy::SecretBox<u8>>),
            parse_quote!(secrecy::SecretBox<u8>),
        ];
        for ty in inside {
            assert_eq!(found(ty).unwrap(), "secrecy :: SecretBox < u8 >");
        }
        assert_eq!(found(parse_quote!(Secretary<u8>)), None);
        assert_eq!(found(parse_quote!(Secret::Public)), None);
    }
}
