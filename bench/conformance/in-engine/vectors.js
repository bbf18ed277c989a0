/** The recorded behaviour of base library 2.11.0 (test/vectors), as cases for the shim. */
var check = require('compare');

/** Where the shim improves on what is recorded (design of the package): a provider's error rejects, data is a snapshot. */
var IMPROVED = {
  'provider error': {
    outcome: 'rejected',
    error: { '(type)': 'Error', message: 'invokeService:fail -8 svc down (requestId: undefined)' },
  },
  'CDN data mutated during upload': {
    wire: [{ service_id: 'wxSVC', api_name: 'API', data: '{"c":"<URL of PNG-A>","k":1}' }],
  },
};
var PICTURE = 'wxfile://tmp_a.png';
/** The engine's own words, which the recorded text has in V8's. */
var ENGINE_TEXT = /^invokeService:fail TypeError: /;

var keepsOrder = Object.keys({ b: 1, a: 1 })[0] === 'b';

/** JSON texts as the engine would write them, where it writes keys in an order of its own. */
function ownOrder(wire) {
  return wire.map(function (request) {
    if (keepsOrder || request.data === undefined) return request;
    return Object.assign({}, request, { data: JSON.stringify(JSON.parse(request.data)) });
  });
}

function contentOf(parameters) {
  if (parameters.filePath) return parameters.filePath === PICTURE ? 'PNG-A' : parameters.filePath;
  if (typeof parameters.fileData === 'string') return parameters.fileData;
  return String.fromCharCode.apply(null, new Uint8Array(parameters.fileData));
}

function behaviourOf(vector) {
  return {
    answer: function (request) {
      if (vector.replyBody !== undefined) return vector.replyBody;
      if (vector.replyError) return JSON.stringify(vector.replyError);
      var answer = vector.providerReturns;
      if (answer === undefined) answer = { echo: request.data === undefined ? '(none)' : 'got' };
      return JSON.stringify(answer).replace('"API"', JSON.stringify(request.api_name));
    },
    upload: function (parameters) {
      return vector.uploadFails
        ? { ms: 100, fail: vector.uploadFails }
        : { ms: 100, url: 'https://cdn.test/<' + contentOf(parameters) + '>' };
    },
  };
}

function wireOf(host) {
  return host.messages.map(function (message) {
    var request = message.reqData;
    var sent = { service_id: request.service_id, api_name: request.api_name };
    if (request.data !== undefined)
      sent.data = request.data.replace(/https:\/\/cdn\.test\/<(.*?)>/g, '<URL of $1>');
    return sent;
  });
}

/** Errors by what the vectors record of them. */
function errorOf(error, expected) {
  var message = error.message;
  var isEngineText = expected.error && ENGINE_TEXT.test(expected.error.message) && ENGINE_TEXT.test(message);
  return { '(type)': error.name, message: isEngineText ? expected.error.message : message };
}

module.exports = function (vectors, global) {
  return vectors.map(function (vector) {
    var expected = Object.assign({}, vector.expect, IMPROVED[vector.name]);
    if (expected.error) delete expected.value;
    expected.wire = ownOrder(expected.wire);
    return {
      name: vector.name,
      needs: 'bridge',
      run: function (load) {
        if (/ArrayBuffer|Uint8Array/.test(vector.code) && !global.ArrayBuffer) {
          throw new check.Skip('the engine has no ArrayBuffer');
        }
        if (/Object\.keys/.test(vector.code) && !keepsOrder) {
          throw new check.Skip('the engine does not keep the order of keys');
        }
        var host = load(behaviourOf(vector));
        var market = host.wx.serviceMarket;
        var page = new Function('sm', 'CDN', 'Promise', 'setTimeout', vector.code);
        function end(outcome) {
          outcome.wire = ownOrder(wireOf(host));
          outcome.uploads = host.uploads.map(contentOf);
          check.equal(outcome, expected);
        }
        return page(market, market.CDN, host.Promise, host.setTimeout).then(
          function (value) {
            end({ outcome: 'resolved', value: value });
          },
          function (error) {
            end({ outcome: 'rejected', error: errorOf(error, expected) });
          }
        );
      },
    };
  });
};
