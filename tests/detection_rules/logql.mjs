// Reads LogQL queries, a JSON array on stdin, with the parser of Grafana's editor; tells where it fails.

import { parser } from '@grafana/lezer-logql';
import { readFileSync } from 'node:fs';

let failed = false;
for (const query of JSON.parse(readFileSync(0, 'utf8'))) {
  parser.parse(query).iterate({
    enter(node) {
      if (node.type.isError) {
        failed = true;
        console.error(`no LogQL from here: ${query.slice(node.from)}`);
      }
    },
  });
}
process.exit(failed ? 1 : 0);
