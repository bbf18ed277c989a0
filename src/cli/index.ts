#!/usr/bin/env node
import { processOutput } from './output';
import { run } from './program';

// A reader such as `head` may have enough before everything is written.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

void run(process.argv.slice(2), processOutput()).then((code) => {
  process.exitCode = code;
});
