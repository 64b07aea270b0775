//! The pages for people, as far as they can be checked. Every block of code is of a kind that something checks:
//! Rust is compiled or is an example's, commands are run or say why not, data and queries are read and name what is
//! emitted. Variables are honoured, and links lead somewhere. No Loki and no Tempo evaluates the queries.

mod blocks;
mod commands;
mod data;
mod fields;
mod links;
mod logql;
mod promql;
mod rust;
mod shown;
mod sigma;
mod sources;
mod traceql;
mod variables;
