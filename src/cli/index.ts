#!/usr/bin/env node
import { languageOf } from '../texts';
import { processOutput } from './output';
import { run } from './program';

// A reader such as `head` may have enough before everything is written.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const language = languageOf(process.env, Intl.DateTimeFormat().resolvedOptions().locale);
void run(process.argv.slice(2), processOutput(), language).then((code) => {
  process.exitCode = code;
});
