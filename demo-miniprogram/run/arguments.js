'use strict';

const path = require('node:path');
const { parseArgs } = require('node:util');
const { hasPlugins, LIBRARIES } = require('./libraries');
const { SETUPS } = require('./setups');

const SAMPLE = path.join(__dirname, '..', 'sample.png');
const PLATFORMS = ['android', 'ios'];

/** @returns the help, as it is for the command that was typed */
function usage() {
  return `Usage: ${process.env.SERVICEMARKET_DEMO ?? 'npm run demo --'} [options]

Runs the page "Photo to text" on a simulated phone: the photo is uploaded, a real OCR service reads it through its
URL, and the text comes back.

  --image FILE          the photo: PNG, JPEG, WebP or BMP (default: demo-miniprogram/sample.png)
  --lib VERSION         base library of the phone (default: 2.8.3)
                        ${LIBRARIES.join(', ')}
  --platform NAME       ${PLATFORMS.join(' or ')} (default: android)
  --channel NAME        who carries the call: ${Object.keys(SETUPS).join(', ')} (default: bridge);
                        base libraries from 2.9.4 on carry this call and the photo themselves
  --plugin              call from a plugin of the mini-program (from 1.9.6 on)
  --json                print one JSON object and nothing else
  --help                show this text
`;
}

/** The command line is wrong, or asks for what does not exist. */
class UsageError extends Error {}

function oneOf(option, value, allowed) {
  if (allowed.includes(value)) return value;
  throw new UsageError(`Failed to start: --${option} is "${value}". Use one of ${allowed.join(', ')}.`);
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
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`Failed to start: ${error.message.replace(/\.?$/, '.')} Use the options below.`, {
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
  const { help, image, lib, platform, channel, plugin, json } = parse(args);
  if (help) return { help };
  oneOf('lib', lib, LIBRARIES);
  oneOf('platform', platform, PLATFORMS);
  const channels = SETUPS[oneOf('channel', channel ?? 'bridge', Object.keys(SETUPS))];
  if (plugin && !hasPlugins(lib)) {
    throw new UsageError(`Failed to start: base library ${lib} runs no plugins. Use --lib 1.9.6 or newer.`);
  }
  // npm changes into the folder of package.json, and says here where it was called.
  const from = process.env.INIT_CWD ?? process.cwd();
  return { image: path.resolve(from, image), lib, platform, channel, channels, plugin, json };
}

module.exports = { parseArguments, UsageError, usage };
