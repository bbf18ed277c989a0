/**
 * Hosts besides WeChat have no bridge: a file without another channel does not look for such a host. Sources ask
 * by `__OTHER_HOSTS__`.
 */
export function otherHosts(parts) {
  const channel = parts.find((part) => part === 'relay' || part === 'cloud');
  return {
    name: 'other-hosts',
    renderChunk: (code) => code.replace(/\b__OTHER_HOSTS__\b/g, String(!!channel)),
  };
}
