//! `ObservedHttpClient` hands on every method of rmcp's `StreamableHttpClient`: one that it forgot would
//! silently have the default behaviour, and lose the limits that the inner client keeps.

use std::collections::BTreeSet;
use std::path::Path;

use mcp_observe_tests::source::rmcp_source;
use syn::{ImplItem, Item, TraitItem};

#[test]
fn every_method_of_the_trait_is_handed_on() {
    let of_trait = trait_methods();
    assert!(of_trait.len() >= 6, "read wrongly: {of_trait:?}");
    assert_eq!(
        of_trait,
        wrapper_methods(),
        "the methods of rmcp's `StreamableHttpClient` (left) are those of `ObservedHttpClient` \
         (mcp-observe/src/rmcp/http_client.rs); each calls the one of the same name of the client inside"
    );
}

fn trait_methods() -> BTreeSet<String> {
    let file = parsed(&rmcp_source().join("src/transport/streamable_http_client.rs"));
    let methods = file.items.into_iter().find_map(|item| match item {
        Item::Trait(item) if item.ident == "StreamableHttpClient" => Some(item.items),
        _ => None,
    });
    let name = |item| match item {
        TraitItem::Fn(method) => Some(method.sig.ident.to_string()),
        _ => None,
    };
    methods
        .expect("the trait")
        .into_iter()
        .filter_map(name)
        .collect()
}

fn wrapper_methods() -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../mcp-observe/src/rmcp/http_client.rs");
    let methods = parsed(&path).items.into_iter().find_map(|item| match item {
        Item::Impl(item) if item.trait_.is_some() => Some(item.items),
        _ => None,
    });
    let name = |item| match item {
        ImplItem::Fn(method) => Some(method.sig.ident.to_string()),
        _ => None,
    };
    methods
        .expect("the impl")
        .into_iter()
        .filter_map(name)
        .collect()
}

fn parsed(path: &Path) -> syn::File {
    let source = std::fs::read_to_string(path).expect("the source is there");
    syn::parse_file(&source).expect("Rust")
}
