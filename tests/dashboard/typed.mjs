// Checks dashboards, a JSON array on stdin, against the type `Model` of the file that is the last argument, as
// `tsc --noEmit` would; writes what is wrong with each as a JSON array of arrays.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';

const options = {
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  noEmit: true,
  skipLibCheck: true,
  strict: true,
  target: ts.ScriptTarget.ES2022,
  types: [],
};

// They are where the packages are, but on no disk.
const model = resolve('model.ts');
const dashboards = JSON.parse(readFileSync(0, 'utf8')).map((dashboard, index) => ({
  name: resolve(`dashboard-${index}.ts`),
  text: `import type { Model } from './model';\nexport const dashboard: Model = ${JSON.stringify(dashboard)};\n`,
}));
const files = new Map(dashboards.map(({ name, text }) => [name, text]));
files.set(model, readFileSync(process.argv.at(-1), 'utf8'));

const host = ts.createCompilerHost(options);
const { fileExists, getSourceFile, readFile } = host;
host.fileExists = (name) => files.has(resolve(name)) || fileExists(name);
host.readFile = (name) => files.get(resolve(name)) ?? readFile(name);
host.getSourceFile = (name, version, ...rest) => {
  const text = files.get(resolve(name));
  return text === undefined
    ? getSourceFile(name, version, ...rest)
    : ts.createSourceFile(name, text, version);
};

const program = ts.createProgram([...files.keys()], options, host);
const found = ts.getPreEmitDiagnostics(program);
const message = ({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n');
const elsewhere = found.filter(({ file }) => !file || !files.has(resolve(file.fileName)) || resolve(file.fileName) === model);
if (elsewhere.length > 0) {
  throw new Error(ts.formatDiagnostics(elsewhere, host));
}
const complaints = dashboards.map(({ name }) =>
  found.filter(({ file }) => resolve(file.fileName) === name).map(message),
);
process.stdout.write(JSON.stringify(complaints));
