const number = (value) =>
  typeof value === 'number'
    ? String(value)
    : Object.entries(value)
        .map(([name, each]) => `${name} ${each}`)
        .join(', ');

/** The rows as lines of a Markdown table: what was measured, the peers, and each target with its outcome. */
export function formatTable(rows) {
  const lines = ['| metric | ours | peers | targets | noise |', '| --- | --- | --- | --- | --- |'];
  for (const [key, row] of Object.entries(rows)) {
    if (row.error) {
      lines.push(`| ${key} | failed: ${row.error.split('\n')[0]} | | | |`);
      continue;
    }
    const peers = Object.entries(row.peers).map(([name, value]) => `${name}: ${number(value)}`);
    const targets = row.targets.map(
      ({ what, value, limit, floor, met }) =>
        `${met ? 'met' : '**missed**'}: ${what} ${value} (${floor ? '≥' : '≤'} ${limit})`,
    );
    const noise = row.noise === undefined ? '–' : `${row.noise}${row.counts ? '' : ' (too noisy to count)'}`;
    lines.push(
      `| ${key} | ${number(row.ours)} ${row.unit} | ${peers.join('; ')} | ${targets.join('; ')} | ${noise} |`,
    );
  }
  return lines.join('\n');
}
