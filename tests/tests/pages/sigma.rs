//! The rule for Sigma that a guide shows: an engine of it evaluates the rule over the log of the guide's example.

use mcp_observe_tests::pages::Page;
use rsigma_eval::{CorrelationConfig, CorrelationEngine, EvaluationResult, JsonEvent};
use rsigma_parser::parse_sigma_yaml;
use serde_json::Value;

#[test]
fn it_fires_where_the_example_does() {
    let page = Page::read("docs/detection-rule.md");
    let blocks = page.blocks_in("yaml").into_iter();
    let rules: Vec<_> = blocks.filter(|it| it.contains("logsource:")).collect();
    assert_eq!(rules.len(), 1);
    let rules = parse_sigma_yaml(&rules[0]).expect("Sigma");
    assert!(rules.errors.is_empty(), "{:?}", rules.errors);
    let mut engine = CorrelationEngine::new(CorrelationConfig::default());
    engine.add_collection(&rules).expect("rules of it");

    let log = Page::read("examples/src/own_rule/security.jsonl").text;
    let mut fired = Vec::new();
    for (line, second) in log.lines().zip(0..) {
        let event: Value = serde_json::from_str(line).expect("JSON");
        let results = engine.process_event_at(&JsonEvent::borrow(&event), second);
        if results.iter().any(EvaluationResult::is_correlation) {
            fired.push(event["network.client.ip"].clone());
        }
    }
    assert_eq!(fired, ["203.0.113.9"]);
}
