#!/usr/bin/env node
import { processOutput } from './output';
import { run } from './program';

void run(process.argv.slice(2), processOutput()).then((code) => {
  process.exitCode = code;
});
