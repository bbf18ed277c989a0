// Compiles a project as an upload does, without a network, and writes what would be packed.
// Arguments: project folder, type, output folder.
const { mkdirSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const ci = require('miniprogram-ci');
const { filterUnusedFile } = require('miniprogram-ci/dist/ci/utils/filterUnusedFile');

async function main([projectPath, type, out]) {
  const project = new ci.Project({
    appid: require(join(projectPath, 'project.config.json')).appid,
    type,
    projectPath,
    privateKey: 'not used',
    // What the platform's server says of the app; an answer of our own keeps the compiler offline.
    attr: async () => ({
      gameApp: type === 'miniGame',
      setting: { MaxCodeSize: 2, MaxSubpackageSubCodeSize: 2, MaxSubpackageFullCodeSize: 20 },
    }),
  });
  const compiled = await ci.getCompiledResult({ project, setting: { es6: true, es7: true } });
  const packed = await filterUnusedFile(false, project, compiled);
  for (const [path, content] of Object.entries(packed)) {
    mkdirSync(dirname(join(out, path)), { recursive: true });
    writeFileSync(join(out, path), content);
  }
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
