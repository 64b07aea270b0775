//! Forms of functions: what compiles without the attribute compiles with it, and does the same.
#![allow(dead_code)]

use mcp_observe::mcp_tool;
use std::collections::BTreeMap;
use std::fmt::{Debug, Display};
use std::future::Future;

#[mcp_tool]
async fn generic<T: Debug, const N: usize>(items: [T; N], label: impl Into<String>) -> String
where
    T: Clone,
{
    format!("{}{items:?}", label.into())
}

#[mcp_tool]
async fn longest<'a>(a: &'a str, b: &'a str) -> &'a str {
    if a.len() > b.len() {
        return a;
    }
    b
}

#[mcp_tool]
async fn question(text: &str) -> Result<u32, Box<dyn std::error::Error + Send + Sync>> {
    if text.is_empty() {
        Err("empty")?;
    }
    let n: u32 = text.parse()?;
    Ok(n.into())
}

#[mcp_tool]
fn sync_question(text: &str) -> Result<u32, Box<dyn std::error::Error>> {
    if text.is_empty() {
        return Err("empty".into());
    }
    Ok(text.parse()?)
}

#[mcp_tool]
async fn optional(text: Option<&str>) -> Option<usize> {
    let text = text?;
    Some(text.len())
}

#[mcp_tool]
async fn coerced(which: bool) -> Box<dyn Display> {
    if which { Box::new(1) } else { Box::new("x") }
}

#[mcp_tool]
async fn coerced_tail() -> Box<dyn Fn(u8) -> u8> {
    Box::new(|n| n + 1)
}

#[mcp_tool]
fn sync_coerced() -> Box<dyn Display> {
    Box::new(1)
}

#[mcp_tool]
async fn function_pointer() -> fn(u8) -> u8 {
    |n| n
}

#[mcp_tool]
async fn slice() -> &'static [u8] {
    &[1, 2, 3]
}

#[mcp_tool]
async fn opaque(n: u8) -> impl Display + Debug {
    n
}

#[mcp_tool]
async fn opaque_inside(n: u8) -> Result<impl Display, std::num::ParseIntError> {
    let m: u8 = "1".parse()?;
    Ok(n + m)
}

#[mcp_tool]
fn sync_opaque_inside(n: u8) -> Result<impl Display, std::num::ParseIntError> {
    let m: u8 = "1".parse()?;
    Ok(n + m)
}

#[mcp_tool]
async fn collected() -> Vec<u8> {
    (0..3).collect()
}

#[mcp_tool]
async fn parsed() -> Result<u8, std::num::ParseIntError> {
    "1".parse()
}

#[mcp_tool]
async fn nothing() {}

#[mcp_tool]
fn sync_nothing(_: u8, n: u8) {
    if n > 1 {
        return;
    }
    println!("{n}");
}

#[mcp_tool]
async fn never() -> ! {
    panic!("never")
}

#[mcp_tool]
fn sync_never() -> ! {
    panic!("never")
}

#[mcp_tool]
async fn todo_only() -> String {
    todo!()
}

struct Point {
    x: u8,
    y: u8,
}

#[mcp_tool]
async fn destructured(
    Point { x, mut y }: Point,
    (a, [b, ..]): (u8, [u8; 2]),
    mut c: u8,
    ref d: u8,
    e @ Point { .. }: Point,
    &f: &u8,
    _: u8,
) -> u8 {
    y += 1;
    c += 1;
    x + y + a + b + c + *d + e.x + f
}

#[mcp_tool]
fn sync_destructured(Point { x, mut y }: Point, (a, _): (u8, u8), mut c: u8) -> u8 {
    y += 1;
    c += 1;
    x + y + a + c
}

#[mcp_tool]
async fn mut_ref(text: &mut String, more: &str) {
    text.push_str(more);
}

#[mcp_tool]
fn sync_mut_ref<'a>(text: &'a mut String, more: &str) -> &'a mut String {
    text.push_str(more);
    text
}

/// # Safety
/// None.
#[mcp_tool]
async unsafe fn not_safe(n: *const u8) -> u8 {
    unsafe { *n }
}

/// # Safety
/// None.
#[mcp_tool]
unsafe fn sync_not_safe(n: *const u8) -> u8 {
    unsafe { *n }
}

#[mcp_tool]
fn not_send(n: std::rc::Rc<u8>) -> impl Future<Output = u8> {
    async move { *n }
}

#[mcp_tool]
async fn not_send_async(n: std::rc::Rc<u8>) -> u8 {
    tokio::task::yield_now().await;
    *n
}

#[mcp_tool]
fn ready(n: u8) -> impl Future<Output = u8> + Send {
    std::future::ready(n)
}

#[mcp_tool]
fn borrowing<'a>(text: &'a str, (n, _): (usize, u8)) -> impl Future<Output = &'a str> + Send + 'a {
    async move { &text[n..] }
}

#[mcp_tool]
async fn recursive(n: u8) -> u8 {
    if n == 0 {
        0
    } else {
        Box::pin(recursive(n - 1)).await + 1
    }
}

#[mcp_tool]
fn r#type() -> u8 {
    1
}

#[mcp_tool]
fn meta_by_ref(a: u8, #[meta] meta: &BTreeMap<String, String>) -> usize {
    meta.len() + usize::from(a)
}

#[mcp_tool]
async fn meta_moved(#[meta] meta: BTreeMap<String, String>) -> usize {
    meta.into_iter().count()
}

#[mcp_tool]
fn meta_moved_lazily(#[meta] meta: BTreeMap<String, String>) -> impl Future<Output = usize> {
    let n = meta.into_iter().count();
    async move { n }
}

#[mcp_tool]
async fn meta_ignored(#[meta] _: BTreeMap<String, String>, #[cfg(any())] _gone: Gone) {}

#[mcp_tool]
async fn behind_cfg(#[cfg(any())] Gone(a): Gone, #[cfg(all())] (b, _): (u8, u8)) -> u8 {
    b
}

/// Of this name, but not rmcp's.
struct RequestContext(u8);

#[mcp_tool]
async fn unrelated_context(context: RequestContext) -> u8 {
    context.0
}

#[mcp_tool]
async fn unrelated_context_ref(RequestContext(n): &RequestContext) -> u8 {
    *n
}

macro_rules! tools {
    ($krate:path, $name:literal, $bucket:literal => $($ident:ident($arg:ident: $ty:ty) -> $ret:ty $body:block)*) => {$(
        #[mcp_tool(name = $name, buckets = [$bucket], crate = $krate)]
        async fn $ident($arg: $ty, local: u8) -> $ret {
            let _ = local;
            $body
        }
    )*};
}

tools! {::mcp_observe, "generated", 0.5 =>
    generated(n: u8) -> Result<u8, std::num::ParseIntError> { let m: u8 = "1".parse()?; Ok(n + m) }
}

fn assert_send<T: Send>(value: T) -> T {
    value
}

#[tokio::main]
async fn main() {
    assert_eq!(assert_send(generic([1, 2], "x")).await, "x[1, 2]");
    assert_eq!(longest("ab", "c").await, "ab");
    assert_eq!(assert_send(question("7")).await.unwrap(), 7);
    assert_eq!(question("").await.unwrap_err().to_string(), "empty");
    assert_eq!(sync_question("").unwrap_err().to_string(), "empty");
    assert_eq!(optional(None).await, None);
    assert_eq!(coerced(true).await.to_string(), "1");
    assert_eq!(coerced_tail().await(1), 2);
    assert_eq!(opaque_inside(2).await.unwrap().to_string(), "3");
    assert_eq!(collected().await, [0, 1, 2]);
    let point = || Point { x: 1, y: 2 };
    assert_eq!(
        destructured(point(), (1, [2, 3]), 4, 5, point(), &6, 7).await,
        24
    );
    assert_eq!(sync_destructured(point(), (1, 0), 4), 10);
    assert_eq!(sync_mut_ref(&mut "a".to_owned(), "b"), "ab");
    assert_eq!(assert_send(borrowing("abc", (1, 0))).await, "bc");
    assert_eq!(recursive(3).await, 3);
    assert_eq!(meta_by_ref(1, &BTreeMap::new()), 1);
    assert_eq!(meta_moved_lazily(BTreeMap::new()).await, 0);
    assert_eq!(unrelated_context(RequestContext(3)).await, 3);
    assert_eq!(unrelated_context_ref(&RequestContext(3)).await, 3);
    assert_eq!(generated(1, 2).await.unwrap(), 2);
}
