import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as prettier from 'prettier';
import blankSpace from 'ts-blank-space';
import ts from 'typescript';
import { name, version } from './stamp-version.mjs';

const FORMAT = { ...JSON.parse(readFileSync('.prettierrc.json', 'utf8')), parser: 'babel' };

/** TypeScript to JavaScript by taking the types out: comments and empty lines stay. */
export const eraseTypes = {
  name: 'erase-types',
  transform: (code, id) =>
    id.endsWith('.ts') ? { code: blankSpace(withoutDeclarations(code)), map: null } : null,
};

/** Takes out interfaces and types with the comments before them, which would be left without what they are about. */
function withoutDeclarations(code) {
  const { statements } = ts.createSourceFile('source.ts', code, ts.ScriptTarget.Latest);
  return statements
    .filter((statement) => ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement))
    .reduceRight((text, { pos, end }) => text.slice(0, pos) + text.slice(end), code);
}

/**
 * Formats what an owner reads and uploads, and puts a head before it: name, version, the product's name, and the
 * checksum of all that follows.
 */
export const readable = (product) => ({
  name: 'readable',
  async generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk') continue;
      const body = await prettier.format(chunk.code, FORMAT);
      const checksum = createHash('sha256').update(body).digest('hex').slice(0, 16);
      chunk.code = `/*! ${name} v${version} ${product} sha256:${checksum} */\n${body}`;
    }
  },
});
