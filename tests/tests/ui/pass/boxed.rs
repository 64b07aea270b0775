//! Functions that return a boxed future: `#[async_trait]`'s and those written by hand.

use futures::FutureExt as _;
use futures::future::{BoxFuture, LocalBoxFuture};
use mcp_observe::mcp_tool;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

#[async_trait::async_trait]
trait Search<T: Send + 'static> {
    async fn find(&self, what: &str, pair: (u8, u8), with: T) -> Result<u8, String>;

    #[mcp_tool]
    async fn provided(&self, #[meta] meta: BTreeMap<String, String>) -> usize {
        meta.into_iter().count()
    }
}

struct Index<T>(Vec<T>);

#[async_trait::async_trait]
impl<T: Send + Sync + 'static> Search<T> for Index<T> {
    #[mcp_tool(name = "find.it")]
    async fn find(&self, what: &str, (a, mut b): (u8, u8), with: T) -> Result<u8, String> {
        if what.is_empty() {
            return Err("empty".to_owned());
        }
        drop(with);
        b += u8::try_from(self.0.len()).map_err(|error| error.to_string())?;
        Ok(a + b)
    }
}

#[mcp_tool]
fn by_hand<'a>(
    text: &'a str,
    #[meta] meta: BTreeMap<String, String>,
) -> Pin<Box<dyn Future<Output = Result<usize, std::num::ParseIntError>> + Send + 'a>> {
    let text = text.trim();
    let early = || {
        return 1;
    };
    let one = early();
    Box::pin(async move {
        let n: usize = text.parse()?;
        Ok(n + one + meta.len())
    })
}

#[mcp_tool]
fn aliased(n: u8) -> BoxFuture<'static, u8> {
    async move { n }.boxed()
}

#[mcp_tool]
fn local(n: u8) -> LocalBoxFuture<'static, Box<dyn std::fmt::Display>> {
    (async move { Box::new(n) as _ }).boxed_local()
}

#[tokio::main]
async fn main() {
    let index = Index(vec![1]);
    assert_eq!(index.find("x", (1, 2), 3).await, Ok(4));
    assert_eq!(index.find("", (1, 2), 3).await, Err("empty".to_owned()));
    assert_eq!(index.provided(BTreeMap::new()).await, 0);
    assert_eq!(by_hand(" 3 ", BTreeMap::new()).await, Ok(4));
    assert_eq!(aliased(1).await, 1);
    assert_eq!(local(1).await.to_string(), "1");
}
