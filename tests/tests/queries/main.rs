//! The pages in `docs/`, as far as they can be checked: queries are read by Grafana's parsers and name what is
//! emitted, variables are honoured, links lead somewhere. No Loki and no Tempo evaluates the queries.

mod fields;
mod links;
mod logql;
mod pages;
mod traceql;
mod variables;
