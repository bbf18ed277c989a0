#!/usr/bin/env node
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { photograph } = require('./photo');

const USAGE = `Usage: node make-sample.js [--out FILE] [--text TEXT]

  --out FILE   where to write the PNG (default: demo-miniprogram/sample.png)
  --text TEXT  what to print on the paper; \\n starts a new line
  --help       show this text
`;

const SAMPLE = [
  'CORNER BOOKSHOP',
  '12 Harbour Street',
  'Receipt No. 2408',
  '2 Notebooks 9.00',
  '1 Fountain pen 24.50',
  'Total paid 33.50',
  'Thank you, come again!',
];

function main() {
  const { values } = parseArgs({
    options: {
      out: { type: 'string', default: path.join(__dirname, '..', 'sample.png') },
      text: { type: 'string', default: SAMPLE.join('\n') },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return process.stdout.write(USAGE);
  const png = photograph(values.text.replaceAll('\\n', '\n').split('\n'));
  fs.writeFileSync(values.out, png);
  process.stdout.write(`${path.relative('', values.out)}: ${png.length} bytes\n`);
}

try {
  main();
} catch (error) {
  const misused = String(error.code).startsWith('ERR_PARSE_ARGS');
  process.stderr.write(`${error.message}\n${misused ? USAGE : ''}`);
  process.exitCode = misused ? 2 : 1;
}
