import { readFileSync } from 'node:fs';

export const { name, version } = JSON.parse(readFileSync('package.json', 'utf8'));

/** The version stands in package.json alone; sources name it `__VERSION__`. */
export const stampVersion = {
  name: 'stamp-version',
  renderChunk: (code) => code.replace(/\b__VERSION__\b/g, JSON.stringify(version)),
};
