/** `node:path` and `node:os` as suites use them, in the page. */

function join(...parts: string[]): string {
  const path: string[] = [];
  for (const part of parts.join('/').split('/')) {
    if (part === '..') path.pop();
    else if (part !== '' && part !== '.') path.push(part);
  }
  return `/${path.join('/')}`;
}

export default {
  join,
  dirname: (file: string): string => join(file, '..'),
  basename: (file: string): string => file.slice(file.lastIndexOf('/') + 1),
  tmpdir: (): string => '/tmp',
};
