#!/usr/bin/env node
'use strict';

const { parseArguments, UsageError, usage } = require('./run/arguments');

async function main() {
  const request = parseArguments(process.argv.slice(2));
  if (request.help) return process.stdout.write(usage());
  // Loaded here: the help does without the OCR engine.
  const { createReport } = require('./run/report');
  const { readPhotoOnHost } = require('./run/steps');
  const { createWorkspace } = require('./run/workspace');
  const workspace = createWorkspace();
  try {
    const report = createReport(request.json);
    report.result(await readPhotoOnHost(request, workspace, report));
  } finally {
    await workspace.close();
  }
  return undefined;
}

// Anything but a reported result is a failure, also a process that ends because nothing is left to wait for.
process.exitCode = 1;
main().then(
  () => {
    process.exitCode = 0;
  },
  (error) => {
    const isUsage = error instanceof UsageError;
    process.stderr.write(`${error.message}\n${isUsage ? `\n${usage()}` : ''}`);
    process.exitCode = isUsage ? 2 : 1;
  },
);
