//! The stages on tokens. What compiles, what does not, and where the errors point, is tested with
//! the compiler in the workspace's `tests/tests/ui`.

use proc_macro2::TokenStream;
use quote::quote;

use super::args::Args;
use crate::errors::Errors;

fn argument_errors(args: TokenStream) -> Vec<String> {
    let mut errors = Errors::default();
    Args::parse(args, &mut errors);
    let errors = errors.finish().err();
    errors
        .into_iter()
        .flatten()
        .map(|error| error.to_string())
        .collect()
}

/// The expansion, its tokens separated by single spaces.
fn expanded(args: TokenStream, item: &TokenStream) -> String {
    let tokens = super::expand(args, item).to_string();
    tokens.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn spaced(tokens: &TokenStream) -> String {
    tokens
        .to_string()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

#[track_caller]
fn assert_contains(expansion: &str, tokens: &TokenStream) {
    let tokens = spaced(tokens);
    assert!(
        expansion.contains(&tokens),
        "no `{tokens}` in:\n{expansion}"
    );
}

#[test]
fn arguments_are_read() {
    let mut errors = Errors::default();
    let args = Args::parse(
        quote!(
            buckets = [0.1, 1, 2.5e1,],
            crate = crate::observe,
            name = "a.b/c-d_e",
        ),
        &mut errors,
    );
    errors.finish().unwrap();
    assert_eq!(args.name.unwrap().value(), "a.b/c-d_e");
    let literals: Vec<_> = args
        .buckets
        .unwrap()
        .iter()
        .map(|bucket| bucket.to_literal().to_string())
        .collect();
    assert_eq!(literals, ["0.1f64", "1f64", "25f64"]);
    let krate = args.krate.unwrap();
    assert_eq!(spaced(&quote!(#krate)), "crate :: observe");
    assert!(argument_errors(TokenStream::new()).is_empty());
}

#[test]
fn argument_errors_say_the_rule_and_the_way_out() {
    let known = "#[mcp_tool] takes `name`, `buckets`, `labels`, `tokens`, `tags`, `budget`, \
                 `record_all`, `result`, `error_message` and `crate`";
    let name = "`name` takes a string literal, as in `name = \"get_weather\"`";
    let buckets = "`buckets` takes a list of seconds in brackets, as in `buckets = [0.1, 1, 5]`";
    let bucket =
        "a bucket is a positive number of seconds, written as a literal such as `0.25` or `5`";
    let tokens = "`tokens` takes no value: it declares that the tool records token usage, as in \
                  `#[mcp_tool(tokens)]`";
    let tag = "a tag is `source` (reads data that may be confidential), `sink` (sends data out of \
               the trust boundary) or `sensitive` (its first use by a user is worth an alert)";
    let tags = "`tags` takes a list in parentheses, as in `tags(source, sensitive)`";
    let cases = [
        (
            quote!(label = 1),
            format!("unknown argument `label`: {known}"),
        ),
        (
            quote!(r#name = "a"),
            format!("unknown argument `r#name`: {known}"),
        ),
        (quote!("weather"), format!("expected an argument: {known}")),
        (
            quote!(name = "a", name = "b"),
            "duplicate argument `name`: keep one of them".to_owned(),
        ),
        (quote!(name), name.to_owned()),
        (quote!(name = ), name.to_owned()),
        (quote!(name = 1), name.to_owned()),
        (quote!(name("a")), name.to_owned()),
        (quote!(buckets = 1), buckets.to_owned()),
        (quote!(buckets = [-1]), bucket.to_owned()),
        (quote!(buckets = [true]), bucket.to_owned()),
        (
            quote!(buckets = [1, 1]),
            "buckets must increase: this one follows 1".to_owned(),
        ),
        (
            quote!(buckets = [1i64]),
            "a bucket is an `f64`: leave the suffix `i64` out".to_owned(),
        ),
        (quote!(tokens = true), tokens.to_owned()),
        (quote!(tokens(input)), tokens.to_owned()),
        (quote!(tags), tags.to_owned()),
        (quote!(tags = source), tags.to_owned()),
        (
            quote!(tags()),
            format!("this list of tags is empty: name one, or leave `tags` out; {tag}"),
        ),
        (quote!(tags(drain)), format!("unknown tag `drain`: {tag}")),
        (
            quote!(tags(Tags::SINK)),
            format!("unknown tag `Tags`: {tag}"),
        ),
        (
            quote!(tags("sink")),
            "a tag is a plain word: write `sink`".to_owned(),
        ),
        (quote!(tags("drain")), tag.to_owned()),
        (quote!(tags(!sink)), tag.to_owned()),
        (
            quote!(tags(sink, sink)),
            "duplicate tag `sink`: keep one of them".to_owned(),
        ),
        (quote!(tags(source sink)), "expected `,`".to_owned()),
        (
            quote!(crate = 1),
            "`crate` takes a path, as in `crate = path::to::mcp_observe`".to_owned(),
        ),
    ];
    for (args, message) in cases {
        assert_eq!(argument_errors(args.clone()), [message], "{args}");
    }
}

#[test]
fn reading_goes_on_after_an_error() {
    let errors = argument_errors(quote!(
        a = [1, 2],
        b,
        name = c,
        buckets = [2, 1, 0],
        d(e, f)
    ));
    assert_eq!(errors.len(), 6, "{errors:?}");
}

#[test]
fn callsite_is_complete() {
    let expansion = expanded(
        quote!(tokens, buckets = [1, 2.5], tags(sink, source)),
        &quote!(
            async fn weather() {}
        ),
    );
    assert_contains(
        &expansion,
        &quote! {
            ::mcp_observe::__private::Facts::new(
                "weather", "tools/call weather", "execute_tool weather",
                ::mcp_observe::__private::module_path!(),
                ::mcp_observe::__private::file!(),
                ::mcp_observe::__private::line!(),
            ).buckets(&[1f64, 2.5f64]).tokens().tags(
                ::mcp_observe::__private::Tags::NONE
                    .with(::mcp_observe::__private::Tags::SINK)
                    .with(::mcp_observe::__private::Tags::SOURCE)
            );
        },
    );
}

#[test]
fn tool_name_is_the_one_that_rmcp_serves() {
    let name = |args: TokenStream, item: TokenStream| {
        let expansion = expanded(args, &item);
        let (_, rest) = expansion.split_once("Facts :: new (").unwrap();
        rest.split('"').nth(1).unwrap().to_owned()
    };
    let none = TokenStream::new;
    assert_eq!(
        name(
            none(),
            quote!(
                #[tool(title = "b", name = "a")]
                fn f() {}
            )
        ),
        "a"
    );
    assert_eq!(
        name(
            none(),
            quote!(
                #[rmcp::tool(name = "a")]
                fn f() {}
            )
        ),
        "a"
    );
    assert_eq!(
        name(
            none(),
            quote!(
                #[cfg_attr(all(), tool(name = "a"))]
                fn f() {}
            )
        ),
        "a"
    );
    assert_eq!(
        name(
            quote!(name = "a"),
            quote!(
                #[tool(name = "a")]
                fn f() {}
            )
        ),
        "a"
    );
    assert_eq!(
        name(
            none(),
            quote!(
                #[tool]
                fn f() {}
            )
        ),
        "f"
    );
    assert_eq!(
        name(
            none(),
            quote!(
                fn r#type() {}
            )
        ),
        "type"
    );
    assert_eq!(
        name(
            quote!(name = "a"),
            quote!(
                fn f() {}
            )
        ),
        "a"
    );
}

#[test]
fn signature_stays_but_for_patterns() {
    let expansion = expanded(
        TokenStream::new(),
        &quote! {
            /// Docs.
            #[tool]
            pub async fn f(&self, Parameters(Args { a }): Parameters<Args>, mut b: u8, _: u8) -> R {}
        },
    );
    let signature = quote! {
        #[doc = r" Docs."]
        #[tool]
        pub async fn f(&self, __mcp_arg1: Parameters<Args>, mut b: u8, _: u8) -> R
    };
    assert!(expansion.starts_with(&spaced(&signature)), "{expansion}");
    assert_contains(
        &expansion,
        &quote!(let Parameters(Args { a }) = __mcp_arg1;),
    );
}

#[test]
fn carrier_is_the_marked_parameter_or_the_first_of_rmcps_types() {
    let of = |params: TokenStream, carrier: TokenStream| {
        let expansion = expanded(TokenStream::new(), &quote!(fn f(#params) {}));
        assert_contains(&expansion, &quote!(open(&__MCP_CALLSITE, #carrier)));
        assert!(!expansion.contains("meta ]"), "{expansion}");
    };
    let private = quote!(::mcp_observe::__private);
    of(quote!(a: u8), quote!(#private::NoCarrier));
    of(
        quote!(a: rmcp::RequestContext<R>),
        quote!(#private::carrier!(&a)),
    );
    of(
        quote!(a: u8, b: &RequestMetaObject),
        quote!(#private::carrier!(b)),
    );
    of(
        quote!(a: RequestContext<R>, #[meta] b: M),
        quote!(#private::meta(&b)),
    );
    of(
        quote!(#[meta] M(a): &mut M),
        quote!(#private::meta(&*__mcp_arg0)),
    );
    of(
        quote!(#[cfg(a)] a: RequestContext<R>),
        quote!(#private::NoCarrier),
    );
}

#[test]
fn placement_is_checked_only_where_no_tool_attribute_is_seen() {
    let check = spaced(&quote!(assert_above_tool(Self::f_tool_attr)));
    let is_checked = |item: TokenStream| expanded(TokenStream::new(), &item).contains(&check);
    assert!(is_checked(quote!(
        fn f(&self) {}
    )));
    assert!(is_checked(quote!(
        fn r#f(self: Arc<Self>) {}
    )));
    assert!(!is_checked(quote!(
        #[tool]
        fn f(&self) {}
    )));
    assert!(
        !is_checked(quote!(
            fn f() {}
        )),
        "`Self` may not exist"
    );
}

#[test]
fn an_error_leaves_the_function_without_our_attributes() {
    let item = quote! {
        #[tool]
        fn f(#[meta] a: u8, #[other] (b, _): (u8, u8)) -> u8 { a + b }
    };
    let expansion = expanded(quote!(unknown), &item);
    let function = quote! {
        #[tool]
        fn f(a: u8, #[other] (b, _): (u8, u8)) -> u8 { a + b }
        ::core::compile_error!
    };
    assert!(expansion.starts_with(&spaced(&function)), "{expansion}");
}

/// The body is not parsed, so an editor gets an expansion to complete in.
#[test]
fn a_half_typed_body_is_expanded() {
    let expansion = expanded(
        TokenStream::new(),
        &quote!(async fn f(a: u8) { let b = a. }),
    );
    assert_contains(&expansion, &quote!({ let b = a. }));
    assert!(!expansion.contains("compile_error"), "{expansion}");
}
