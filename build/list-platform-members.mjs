/**
 * Lists the functions of the platform's `wx` by the base library that brought them, from miniprogram-api-typings:
 * `node build/list-platform-members.mjs > src/simulator/apis/platform-members.json` after an update of the typings.
 */
import { readFileSync } from 'node:fs';
import ts from 'typescript';

const FILE = 'node_modules/miniprogram-api-typings/types/wx/lib.wx.api.d.ts';
const SINCE = /需要基础库[：:]\s*`?(\d+\.\d+\.\d+)/;

const source = ts.createSourceFile(FILE, readFileSync(FILE, 'utf8'), ts.ScriptTarget.Latest, true);
const versions = new Map();

(function visit(node) {
  if (ts.isInterfaceDeclaration(node) && node.name.text === 'Wx') node.members.forEach(note);
  ts.forEachChild(node, visit);
})(source);

/** Of several declarations of one function the first that names a version counts. */
function note(member) {
  const isFunction = ts.isMethodSignature(member) || (member.type && ts.isFunctionTypeNode(member.type));
  if (!isFunction) return;
  const [, version] = SINCE.exec(source.text.slice(member.pos, member.getStart(source))) ?? [];
  versions.set(member.name.text, versions.get(member.name.text) ?? version);
}

const byVersion = {};
for (const [name, version = '1.0.0'] of versions) (byVersion[version] ??= []).push(name);
const order = (a, b) => a[0].localeCompare(b[0], 'en', { numeric: true });
const lines = Object.entries(byVersion)
  .sort(order)
  .map(([version, names]) => `  "${version}": "${names.sort().join(' ')}"`);
process.stdout.write(`{\n${lines.join(',\n')}\n}\n`);
