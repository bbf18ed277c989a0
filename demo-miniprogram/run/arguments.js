'use strict';

const path = require('node:path');
const { parseArgs } = require('node:util');
const { hasPlugins, LIBRARIES } = require('./libraries');
const { SETUPS } = require('./setups');
const { LANGUAGES, text, useLanguage } = require('./texts');

const SAMPLE = path.join(__dirname, '..', 'sample.png');
const PLATFORMS = ['android', 'ios'];

/** @returns the help, as it is for the command that was typed */
function usage() {
  return text('usage', {
    command: process.env.SERVICEMARKET_DEMO ?? 'npm run demo --',
    libraries: LIBRARIES.join(', '),
    platforms: PLATFORMS,
    channels: Object.keys(SETUPS).join(', '),
  });
}

/** The command line is wrong, or asks for what does not exist. */
class UsageError extends Error {}

function oneOf(option, value, allowed) {
  if (allowed.includes(value)) return value;
  throw new UsageError(text('notAllowed', { option, value, allowed: allowed.join(', ') }));
}

function parse(args) {
  try {
    return parseArgs({
      args,
      options: {
        image: { type: 'string', default: SAMPLE },
        lib: { type: 'string', default: '2.8.3' },
        platform: { type: 'string', default: 'android' },
        channel: { type: 'string' },
        plugin: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        lang: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(text('badArguments', { cause: error.message.replace(/\.?$/, '.') }), {
      cause: error,
    });
  }
}

/**
 * Reads the command line.
 *
 * @param {string[]} args
 * @returns {{help: true} | {image: string, lib: string, platform: string, channel?: string, channels: string[],
 *   plugin: boolean, json: boolean}}
 *   `image` is a whole path, `channel` what was asked for, `channels` are those that the project is configured with
 * @throws {UsageError}
 */
function parseArguments(args) {
  const { help, image, lib, platform, channel, plugin, json, lang } = parse(args);
  if (lang !== undefined) useLanguage(oneOf('lang', lang, LANGUAGES));
  if (help) return { help };
  oneOf('lib', lib, LIBRARIES);
  oneOf('platform', platform, PLATFORMS);
  const channels = SETUPS[oneOf('channel', channel ?? 'bridge', Object.keys(SETUPS))];
  if (plugin && !hasPlugins(lib)) {
    throw new UsageError(text('noPlugins', { lib }));
  }
  // npm changes into the folder of package.json, and says here where it was called.
  const from = process.env.INIT_CWD ?? process.cwd();
  return { image: path.resolve(from, image), lib, platform, channel, channels, plugin, json };
}

module.exports = { parseArguments, UsageError, usage };
