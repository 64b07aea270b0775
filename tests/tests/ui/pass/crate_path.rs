//! `crate = path`: the runtime under another name, and not under its own.

#[macro_use]
mod platform {
    #[doc(hidden)]
    pub mod __reexports {
        pub use mcp_observe as observe;
    }
    pub use mcp_observe::mcp_tool;

    /// What a platform crate would offer: `$crate` finds the runtime wherever it is used.
    #[macro_export]
    macro_rules! platform_tool {
        ($(#[$attr:meta])* $ident:ident() -> $ret:ty $body:block) => {
            $(#[$attr])*
            #[$crate::platform::mcp_tool(crate = $crate::platform::__reexports::observe)]
            async fn $ident() -> $ret $body
        };
    }
}

mod mcp_observe_is_not_here {
    use crate::platform::{__reexports::observe, mcp_tool};
    use std::collections::BTreeMap;

    mod mcp_observe {}

    #[mcp_tool(crate = crate::platform::__reexports::observe)]
    pub async fn absolute((a, b): (u8, u8)) -> u8 {
        a + b
    }

    #[mcp_tool(crate = observe, buckets = [1, 2.5,],)]
    pub fn relative(#[meta] meta: &BTreeMap<String, String>) -> usize {
        meta.len()
    }

    pub struct Server;

    impl Server {
        #[mcp_tool(crate = self::observe)]
        pub fn method(&self) -> u8 {
            1
        }
    }

    platform_tool! {
        /// By macro.
        by_macro() -> Result<u8, std::num::ParseIntError> { "1".parse() }
    }

    pub async fn call_by_macro() -> u8 {
        by_macro().await.unwrap()
    }
}

use mcp_observe_is_not_here::{Server, absolute, call_by_macro, relative};

#[tokio::main]
async fn main() {
    assert_eq!(absolute((1, 2)).await, 3);
    assert_eq!(relative(&std::collections::BTreeMap::new()), 0);
    assert_eq!(Server.method(), 1);
    assert_eq!(call_by_macro().await, 1);
}
