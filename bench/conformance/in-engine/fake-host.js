/**
 * The smallest host that can carry a call: `wx` with the bridge, and timers of a clock that stands still until
 * `tick()`. ES5, for engines that have nothing else.
 *
 * @param behaviour.answer - `(reqData, apiName)` gives the answer's body; undefined: none ever comes
 * @param behaviour.upload - `(parameters)` gives `{ms, url}` or `{ms, fail}`. Default: a URL after 1 ms
 * @param behaviour.slots - uploads that the host runs at once, first come first served. Default: any number
 * @returns `{wx, setTimeout, clearTimeout, Date, now(), tick(), messages, uploads}`; `tick()` fires the earliest
 *   timer and is false where none is left
 */
module.exports = function createFakeHost(behaviour) {
  var time = 0;
  var serial = 0;
  var timers = [];
  var running = 0;
  var waiting = [];
  var host = {
    messages: [],
    uploads: [],
    now: now,
    tick: tick,
    setTimeout: setTimer,
    clearTimeout: clearTimer,
    Date: HostDate,
  };

  function now() {
    return time;
  }

  /** In the place of Date: the clock's time. */
  function HostDate() {
    return new Date(time);
  }
  HostDate.now = now;

  function setTimer(action, ms) {
    timers.push({ id: ++serial, at: time + Math.max(0, +ms || 0), action: action });
    return serial;
  }

  function clearTimer(id) {
    for (var i = 0; i < timers.length; i++) {
      if (timers[i].id === id) return void timers.splice(i, 1);
    }
  }

  function tick() {
    var next;
    for (var i = 0; i < timers.length; i++) {
      var timer = timers[i];
      if (!next || timer.at < next.at || (timer.at === next.at && timer.id < next.id)) next = timer;
    }
    if (!next) return false;
    clearTimer(next.id);
    time = next.at;
    next.action();
    return true;
  }

  function beginUpload(parameters) {
    var outcome = behaviour.upload ? behaviour.upload(parameters) : {};
    running++;
    setTimer(function () {
      running--;
      if (waiting.length) beginUpload(waiting.shift());
      if (outcome.fail) parameters.fail({ errMsg: 'uploadToCommonCDN:fail ' + outcome.fail });
      else parameters.success({ errMsg: 'uploadToCommonCDN:ok', fileUrl: outcome.url });
    }, outcome.ms || 1);
  }

  host.wx = {
    getSystemInfoSync: function () {
      return { SDKVersion: '2.8.3' };
    },
    operateWXData: function (parameters) {
      var body = behaviour.answer(parameters.reqData, parameters.apiName);
      host.messages.push({ at: time, apiName: parameters.apiName, reqData: parameters.reqData });
      if (body === undefined) return;
      setTimer(function () {
        parameters.success({ errMsg: 'operateWXData:ok', rawData: body, respData: { data: body } });
      }, 1);
    },
    uploadToCommonCDN: function (parameters) {
      host.uploads.push(parameters);
      if (running < (behaviour.slots || Infinity)) beginUpload(parameters);
      else waiting.push(parameters);
    },
  };
  return host;
};
