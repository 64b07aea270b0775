//! The Grafana dashboard: one server's tools, messages, security and telemetry.

mod annotations;
mod explore;
mod grafana;
mod layout;
mod lines;
mod palette;
mod queries;
mod rows;
mod spans;
mod variables;

use self::grafana::{Annotation, Dashboard};
use self::queries::Queries;
use self::rows::Group;
use crate::assets::{Asset, Expression, Part};
use crate::catalogue::Catalogue;
use crate::settings::Settings;

const PATH: &str = "grafana/dashboards/mcp-server.json";

pub(crate) fn assets(catalogue: &Catalogue, _settings: &Settings) -> Part {
    let groups = rows::all(catalogue);
    let annotations = annotations::all(Queries::new(catalogue));
    let expressions = expressions(&groups, &annotations);

    let title = format!("MCP server {}", catalogue.service);
    let description = format!(
        "What `{}` does, for whom, how well, and what its telemetry loses. Made by mcp-observe-assets \
         from the server's own tools.",
        catalogue.service
    );
    let mut dashboard = Dashboard::new(uid(&catalogue.service), title, description)
        .annotations(annotations)
        .variables(variables::all(catalogue));
    layout::place(groups, &mut dashboard);

    let mut contents = serde_json::to_string_pretty(&dashboard).expect("texts and numbers");
    contents.push('\n');
    Part {
        files: vec![Asset {
            path: PATH,
            contents,
        }],
        expressions,
    }
}

fn expressions(groups: &[Group], annotations: &[Annotation]) -> Vec<Expression> {
    let expression = |place: &str, promql: &str, may_be_empty| Expression {
        path: PATH,
        place: place.to_owned(),
        promql: promql.to_owned(),
        may_be_empty,
    };
    let of_annotations = annotations.iter().filter_map(|annotation| {
        let (query, may_be_empty) = annotation.query()?;
        Some(expression(annotation.name(), query, Some(may_be_empty)))
    });
    let panels = groups.iter().flat_map(|group| &group.panels);
    let of_panels = panels.flat_map(|panel| {
        panel.targets().iter().filter_map(|target| {
            Some(expression(
                panel.title(),
                target.promql()?,
                target.may_be_empty(),
            ))
        })
    });
    of_annotations.chain(of_panels).collect()
}

/// What links to the dashboard name, the same for a service whenever it is made: of at most 40 letters,
/// digits, `-` and `_`.
fn uid(service: &str) -> String {
    let plain = |character: char| match character {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' => character,
        _ => '-',
    };
    "mcp-server-"
        .chars()
        .chain(service.chars().map(plain))
        .take(40)
        .collect()
}
