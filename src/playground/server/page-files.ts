import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/** Where index.html has the token. */
const TOKEN_PLACE = '__PLAYGROUND_TOKEN__';

export interface PageFile {
  headers: Record<string, string>;
  body: Buffer | string;
  /** Whether the token stands in it. */
  hasToken: boolean;
}

/**
 * The page's own files by their path, read once: a request can name one of them or nothing, whatever dots are in it.
 *
 * @throws Error where the page was not built
 */
export function openPageFiles(folder: string, token: string): Map<string, PageFile> {
  const files = new Map<string, PageFile>();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name);
    if (!statSync(path).isFile()) continue;
    const bytes = readFileSync(path);
    const hasToken = name === 'index.html';
    const type = TYPES[extname(name)];
    files.set(`/${name.replaceAll('\\', '/')}`, {
      headers: {
        ...(type ? { 'content-type': type } : {}),
        // The token in it is that of this run.
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        // Nobody else shows the page in a frame: neither a site, nor what runs in its own phone.
        'content-security-policy': "frame-ancestors 'none'",
      },
      hasToken,
      body: hasToken ? bytes.toString('utf8').replace(TOKEN_PLACE, token) : bytes,
    });
  }
  const index = files.get('/index.html');
  if (!index)
    throw new Error(`Failed to open the playground: ${folder} has no index.html. Build the package.`);
  return files.set('/', index);
}
