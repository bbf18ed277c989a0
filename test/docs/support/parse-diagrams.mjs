/** Parses diagrams, given as a JSON list on the standard input, and prints what is wrong with each, or null. */
import { readFileSync } from 'node:fs';
import { JSDOM } from 'jsdom';

// Labels are cleaned by DOMPurify, which needs a window when it loads.
const { window } = new JSDOM('');
Object.assign(globalThis, { window, document: window.document });
const { default: mermaid } = await import('mermaid');

const diagrams = JSON.parse(readFileSync(0, 'utf8'));
const faults = [];
for (const diagram of diagrams) {
  faults.push(
    await mermaid.parse(diagram).then(
      () => null,
      (error) => error.message,
    ),
  );
}
console.log(JSON.stringify(faults));
