// Runs `injectProject` or `removeInjection` and kills this very process at its n-th change of the disk: in the
// middle of a write, or right before a rename or a removal. Arguments: n, function, its arguments as JSON.
require('./typescript.cjs');
const fs = require('node:fs');
const [at, name, args] = process.argv.slice(2);
const zone = require('../../../../src/inject/index.ts');
let step = 0;

function reached() {
  return step++ === Number(at);
}

function die() {
  process.kill(process.pid, 'SIGKILL');
}

const { writeFileSync } = fs;
fs.writeFileSync = (path, data, options) => {
  const now = reached();
  writeFileSync(path, now ? data.slice(0, data.length / 2) : data, options);
  if (now) die();
};
for (const method of ['renameSync', 'rmSync', 'copyFileSync']) {
  const original = fs[method];
  fs[method] = (...values) => {
    if (reached()) die();
    return original(...values);
  };
}
zone[name](...JSON.parse(args));
