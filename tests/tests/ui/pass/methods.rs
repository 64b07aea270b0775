//! Forms of methods: what compiles without the attribute compiles with it, and does the same.
#![allow(dead_code)]

use mcp_observe::mcp_tool;
use std::borrow::Cow;
use std::fmt::Display;
use std::future::Future;

struct Server<T> {
    items: Vec<T>,
}

impl<'s, T: Display + 's> Server<T> {
    #[mcp_tool]
    async fn by_ref(&self, index: usize) -> Option<&T> {
        self.items.get(index)
    }

    #[mcp_tool]
    async fn by_mut(&mut self, item: T) -> &mut Vec<T> {
        self.items.push(item);
        &mut self.items
    }

    #[mcp_tool]
    async fn by_value(self) -> Vec<T> {
        self.items
    }

    #[mcp_tool]
    async fn mut_self(mut self, item: T) -> Self {
        self.items.push(item);
        self
    }

    #[mcp_tool]
    fn sync_by_ref(&self, index: usize) -> Option<&T> {
        self.items.get(index)
    }

    #[mcp_tool]
    fn sync_by_mut(&mut self, item: T) -> &mut T {
        self.items.push(item);
        self.items.last_mut().unwrap()
    }

    #[mcp_tool]
    fn sync_by_value(self) -> Vec<T> {
        self.items
    }

    #[mcp_tool]
    fn sync_mut_self(mut self, item: T) -> Self {
        self.items.push(item);
        self
    }

    #[mcp_tool]
    fn sync_iter(&self) -> impl Iterator<Item = &T> + '_ {
        self.items.iter()
    }

    #[mcp_tool]
    fn boxed_self(self: Box<Self>) -> usize {
        self.items.len()
    }

    #[mcp_tool]
    async fn arc_self(self: std::sync::Arc<Self>) -> usize {
        self.items.len()
    }

    #[mcp_tool]
    async fn outer_lifetime(&'s self, name: &str) -> Cow<'s, str> {
        format!("{name}{}", self.items[0]).into()
    }

    #[mcp_tool]
    async fn associated(item: T) -> Self {
        Self { items: vec![item] }
    }
}

trait Named {
    #[mcp_tool]
    fn name(&self) -> String {
        "default".to_owned()
    }
    fn given(&self) -> String;
    fn later(&self, n: u8) -> impl Future<Output = u8> + Send;
}

impl<T> Named for Server<T>
where
    T: Sync,
{
    #[mcp_tool]
    fn given(&self) -> String {
        self.name()
    }
    #[mcp_tool]
    fn later(&self, n: u8) -> impl Future<Output = u8> + Send {
        async move { n }
    }
}

trait Object {
    #[mcp_tool]
    fn provided(&self) -> u8 {
        1
    }
}

impl Object for u8 {}

trait Later {
    async fn later(&self, n: u8) -> u8;
}

impl Later for u8 {
    #[mcp_tool]
    async fn later(&self, n: u8) -> u8 {
        *self + n
    }
}

fn assert_send<T: Send>(value: T) -> T {
    value
}

#[tokio::main]
async fn main() {
    let mut server = Server { items: vec![1] };
    assert_eq!(server.by_ref(0).await, Some(&1));
    assert_eq!(server.by_mut(2).await.len(), 2);
    assert_eq!(*server.sync_by_mut(3), 3);
    assert_eq!(server.sync_iter().count(), 3);
    assert_eq!(server.outer_lifetime("a").await, "a1");
    assert_eq!(server.given(), "default");
    assert_eq!(assert_send(Named::later(&server, 2)).await, 2);
    assert_eq!(
        server
            .mut_self(4)
            .await
            .sync_mut_self(5)
            .sync_by_value()
            .len(),
        5
    );
    assert_eq!((&1_u8 as &dyn Object).provided(), 1);
}
