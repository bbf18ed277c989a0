/** Refuses to publish while package.json does not say where the project lives: npm links to it, and users ask there. */
import { readFileSync } from 'node:fs';

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const missing = ['repository', 'bugs', 'homepage'].filter((field) => !manifest[field]);
if (missing.length) {
  console.error(
    `Failed to publish: package.json has no ${missing.join(', ')}. See "Release" in CONTRIBUTING.md.`,
  );
  process.exitCode = 1;
}
