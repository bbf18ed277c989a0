/** Steps in which a case without timers may still go on by the engine's own jobs. */
var MAX_IDLE_STEPS = 50;

/**
 * Runs every case one after the other, each with the bundle loaded anew on a host of its own.
 *
 * @param settings - `{vectors, channels, global, bundle}`; `bundle(wx, exports, module, setTimeout,
 *   clearTimeout, Date, console, Promise)` loads the built file
 * @returns step(): runs what is ready. It has to be called, with the engine's jobs run after each call, until it
 *   returns a text: `{passed, failed: [{name, message}], skipped: [{name, reason}]}` as JSON
 */
module.exports = function (settings) {
  require('repairs')();
  var createFakeHost = require('fake-host');
  var globals = require('globals')(settings.global);
  var cases = require('vectors')(settings.vectors, settings.global).concat(require('self-check'));
  var result = { passed: 0, failed: [], skipped: [] };
  var quiet = { log: function () {}, warn: function () {}, error: function () {} };
  var host;
  /** The case that runs, and how often it was found with no timer left. */
  var current;
  var idle;

  function load(behaviour, members) {
    host = createFakeHost(behaviour);
    host.Promise = globals.Promise;
    Object.getOwnPropertyNames(members || {}).forEach(function (name) {
      Object.defineProperty(host.wx, name, Object.getOwnPropertyDescriptor(members, name));
    });
    host.loadAgain = function () {
      var module = { exports: {} };
      settings.bundle(
        host.wx,
        module.exports,
        module,
        host.setTimeout,
        host.clearTimeout,
        host.Date,
        quiet,
        globals.Promise
      );
      // The imported file touches no host by itself.
      if (module.exports.install) module.exports.install();
    };
    host.loadAgain();
    return host;
  }

  function end(test, error) {
    if (current !== test) return;
    current = undefined;
    if (!error) result.passed++;
    else if (error.skip) result.skipped.push({ name: test.name, reason: error.skip });
    else result.failed.push({ name: test.name, message: String(error.message || error) });
  }

  function begin(test) {
    current = test;
    idle = 0;
    host = undefined;
    if (test.needs && settings.channels.indexOf(test.needs) < 0) {
      return end(test, { skip: 'the file has no channel ' + test.needs });
    }
    try {
      globals.Promise.resolve(test.run(load, settings.global)).then(
        function () {
          end(test);
        },
        function (error) {
          end(test, error || new Error('rejected without an error'));
        }
      );
    } catch (error) {
      end(test, error);
    }
  }

  return function step() {
    globals.runJobs();
    if (current) {
      idle = host && host.tick() ? 0 : idle + 1;
      if (idle > MAX_IDLE_STEPS) end(current, new Error('never ended'));
      globals.runJobs();
    } else if (cases.length) {
      begin(cases.shift());
    } else {
      return JSON.stringify(result);
    }
  };
};
