// Reads queries with the parsers of Grafana's editors. On stdin: a language and an array of queries, as JSON. On
// stdout, for each: where it cannot be read, and the fields that it names, with the text that each is
// compared to if it is compared to one.

import { parser as logql } from '@grafana/lezer-logql';
import { parser as traceql } from '@grafana/lezer-traceql';
import { parser as promql } from '@prometheus-io/lezer-promql';
import { readFileSync } from 'node:fs';

const languages = {
  logql: { parser: logql, names: ['Identifier', 'LabelName'], comparisons: ['Matcher'] },
  promql: { parser: promql, names: ['Identifier', 'LabelName'], comparisons: ['UnquotedLabelMatcher'] },
  traceql: { parser: traceql, names: ['AttributeField', 'IntrinsicField'], comparisons: ['FieldExpression'] },
};

function read(query, { parser, names, comparisons }) {
  const text = (node) => query.slice(node.from, node.to);
  const failures = [];
  const fields = [];
  parser.parse(query).iterate({
    enter(node) {
      if (node.type.isError) failures.push(query.slice(node.from));
      if (names.includes(node.name)) fields.push({ name: text(node), equals: equals(node.node) });
    },
  });
  return { failures, fields };

  // What a name is equal to, or not: the text that ends the comparison that begins with it.
  function equals(name) {
    let comparison = name.parent;
    while (comparison && comparison.from === name.from && !comparison.firstChild?.nextSibling) {
      comparison = comparison.parent;
    }
    if (!comparison || comparison.from !== name.from || !comparisons.includes(comparison.name)) return null;
    const [, operator, value] = [...children(comparison)].map(text);
    return ['=', '!='].includes(operator) && value?.startsWith('"') ? JSON.parse(value) : null;
  }
}

function* children(node) {
  for (let child = node.firstChild; child; child = child.nextSibling) yield child;
}

const { language, queries } = JSON.parse(readFileSync(0, 'utf8'));
console.log(JSON.stringify(queries.map((query) => read(query, languages[language]))));
