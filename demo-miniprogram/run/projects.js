'use strict';

const path = require('node:path');
const { injectProject } = require('miniprogram-servicemarket/inject');
const { CLOUD } = require('./setups');

const DEMO = path.join(__dirname, '..');
const HOST_OF_PLUGIN = path.join(DEMO, 'plugin-host');
const PLUGIN = path.join(DEMO, 'plugin');

/**
 * Copies a project into the workspace and injects the runtime into the copy.
 *
 * @returns {{out: string, files: string[]}} the copy's folder, and the files that were made or changed in it
 */
function inject(project, name, config, workspace) {
  const out = path.join(workspace.folder, name);
  const { changed, created } = injectProject(project, { out, config });
  return { out, files: [...created, ...changed] };
}

/** Tells the files of two projects apart. */
const within = (project) => (file) => `${project}/${file}`;

/**
 * Makes what the phone runs: this project, or the host of the demo's plugin and the plugin.
 *
 * @param {{channels: string[], plugin: boolean}} request
 * @returns {{out: string, files: string[], plugins: {appid: string, root: string}[]}} `plugins` are those that the
 *   phone's package holds beside the mini-program in `out`
 */
function makeProjects({ channels, plugin }, relayUrl, workspace) {
  const config = { channels, relay: { url: relayUrl }, cloud: CLOUD };
  if (!plugin) return { ...inject(DEMO, 'project', config, workspace), plugins: [] };
  const { plugins } = require(path.join(HOST_OF_PLUGIN, 'servicemarket.config.json'));
  const host = inject(HOST_OF_PLUGIN, 'host', { ...config, plugins }, workspace);
  const packaged = inject(PLUGIN, 'plugin', { ...config, plugins }, workspace);
  const { appid, pluginRoot } = require(path.join(PLUGIN, 'project.config.json'));
  return {
    out: host.out,
    files: [...host.files.map(within('host')), ...packaged.files.map(within('plugin'))],
    plugins: [{ appid, root: path.join(packaged.out, pluginRoot) }],
  };
}

module.exports = { makeProjects };
