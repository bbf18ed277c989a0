/** What of these suites needs Node, by the beginning of its title, with the reason. Everything else runs in the page. */
export const EXCLUDED: Record<string, string> = {
  'cloud-server › ': 'The server that wx-server-sdk talks to listens on a port, which a page cannot.',
  'component › ': 'The platform’s server listens on a port, which a page cannot.',
  'platform › ': 'The platform’s server listens on a port, which a page cannot.',
  'network › real servers › ': 'The simulator in a page reaches no server, so that nothing leaves the page.',
  'device › photos › a file on disk': 'A page has no files on disk: a photo is given as its bytes.',
};

export function isExcluded(title: string): boolean {
  return Object.keys(EXCLUDED).some((beginning) => title.startsWith(beginning));
}
