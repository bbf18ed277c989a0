// What "Build npm" does in DevTools. Arguments: package.json, folder that gets miniprogram_npm.
const ci = require('miniprogram-ci');

const [packageJsonPath, miniprogramNpmDistDir] = process.argv.slice(2);

ci.packNpmManually({ packageJsonPath, miniprogramNpmDistDir }).then(
  ({ warnList }) => {
    for (const { msg, jsPath } of warnList) console.error(`${jsPath}: ${msg}`);
    process.exit(warnList.length ? 1 : 0);
  },
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
