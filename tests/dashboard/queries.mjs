// Reads queries, a JSON array of { language, query } on stdin, with the parsers of Prometheus's and Grafana's
// editors; writes what is wrong with each as a JSON array of arrays.

import { parser as logql } from '@grafana/lezer-logql';
import { parser as traceql } from '@grafana/lezer-traceql';
import { parser as promql } from '@prometheus-io/lezer-promql';
import { readFileSync } from 'node:fs';

const parsers = { logql, promql, traceql };

const complaints = JSON.parse(readFileSync(0, 'utf8')).map(({ language, query }) => {
  const found = [];
  parsers[language].parse(query).iterate({
    enter(node) {
      if (node.type.isError) {
        found.push(`no ${language} from "${query.slice(node.from)}" on: ${query}`);
      }
    },
  });
  return found;
});
process.stdout.write(JSON.stringify(complaints));
