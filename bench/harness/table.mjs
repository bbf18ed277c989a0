const number = (value) =>
  typeof value === 'number'
    ? String(value)
    : Object.entries(value)
        .map(([name, each]) => `${name} ${each}`)
        .join(', ');

const percent = (share) => `${Math.round(share * 100)} %`;

/** Where the time of a row goes that missed a target. */
function formatProfile([key, { profile, targets }]) {
  if (!profile || targets.every(({ met }) => met)) return [];
  const shares = Object.entries(profile).map(([name, share]) => `${name} ${percent(share)}`);
  return ['', `${key}, by function: ${shares.join(', ')}`];
}

/**
 * The rows as lines of a Markdown table: what was measured, the peers, and each target with its outcome. Below it
 * the profiles of rows that missed one.
 */
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
  return [...lines, ...Object.entries(rows).flatMap(formatProfile)].join('\n');
}
