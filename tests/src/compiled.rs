//! The Rust of pages, compiled, and run unless a block says otherwise: that of crates' own pages is in their
//! documentation.

macro_rules! pages {
    ($($name:ident: $path:literal,)*) => {
        $(
            #[doc = include_str!($path)]
            pub struct $name;
        )*
    };
}

pages! {
    Readme: "../../README.md",
    DetectionRule: "../../docs/detection-rule.md",
    Instrument: "../../docs/instrument.md",
    Migrate: "../../docs/migrate.md",
    Pipeline: "../../docs/pipeline.md",
}
