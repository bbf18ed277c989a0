/**
 * What every base library brings and a bare ES5 engine lacks: Object.assign, Promise and console. What the
 * engine has itself is taken.
 *
 * @returns `{Promise, runJobs()}`; `runJobs` runs the callbacks of the Promise made here
 */
module.exports = function provideGlobals(global) {
  var jobs = [];

  if (typeof Object.assign !== 'function') {
    Object.assign = function (target) {
      for (var i = 1; i < arguments.length; i++) {
        var source = Object(arguments[i]);
        for (var key in source) {
          // MuJS lists the message of an error that it throws itself (against ES5 15.11.1.1), and its trace.
          var isHidden = source instanceof Error && (key === 'message' || key === 'stackTrace');
          if (!isHidden && Object.prototype.hasOwnProperty.call(source, key)) target[key] = source[key];
        }
      }
      return target;
    };
  }

  function SmallPromise(executor) {
    var isResolved = false;
    var isSettled = false;
    var isFulfilled;
    var outcome;
    var reactions = [];

    function flush() {
      while (reactions.length) jobs.push(reactions.shift());
    }
    function settle(good, value) {
      isSettled = true;
      isFulfilled = good;
      outcome = value;
      flush();
    }
    function resolve(value) {
      if (isResolved) return;
      isResolved = true;
      if (!value || typeof value.then !== 'function') return settle(true, value);
      jobs.push(function () {
        value.then(
          function (result) {
            settle(true, result);
          },
          function (error) {
            settle(false, error);
          }
        );
      });
    }
    function reject(error) {
      if (isResolved) return;
      isResolved = true;
      settle(false, error);
    }

    this.then = function (onFulfilled, onRejected) {
      return new SmallPromise(function (resolveNext, rejectNext) {
        reactions.push(function () {
          var handler = isFulfilled ? onFulfilled : onRejected;
          if (typeof handler !== 'function') return isFulfilled ? resolveNext(outcome) : rejectNext(outcome);
          try {
            resolveNext(handler(outcome));
          } catch (error) {
            rejectNext(error);
          }
        });
        if (isSettled) flush();
      });
    };
    try {
      executor(resolve, reject);
    } catch (error) {
      reject(error);
    }
  }

  SmallPromise.resolve = function (value) {
    return new SmallPromise(function (resolve) {
      resolve(value);
    });
  };
  SmallPromise.all = function (items) {
    return new SmallPromise(function (resolve, reject) {
      if (!items.length) resolve([]);
      var results = [];
      var left = items.length;
      items.forEach(function (item, i) {
        SmallPromise.resolve(item).then(function (value) {
          results[i] = value;
          if (!--left) resolve(results);
        }, reject);
      });
    });
  };

  return {
    Promise: typeof global.Promise === 'function' ? global.Promise : SmallPromise,
    runJobs: function () {
      while (jobs.length) jobs.shift()();
    },
  };
};
