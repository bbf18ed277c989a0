/** What the recorded vectors do not hold: globals, natives, markers in odd places, time, abort, long tasks. */
var check = require('compare');
var corpus = require('corpus');

function final(data) {
  return JSON.stringify({ scene: 4, errcode: 0, request_id: 'R', data: JSON.stringify(data) });
}
var preliminary = JSON.stringify({ scene: 3, errcode: 0, request_id: 'R' });

function echo() {
  return {
    answer: function () {
      return final('ok');
    },
    upload: function (parameters) {
      return { url: 'https://cdn.test/' + (parameters.fileData || parameters.filePath) };
    },
  };
}

function textsOf(host) {
  return host.messages.map(function (message) {
    return message.reqData.data;
  });
}

function call(host, data) {
  return host.wx.serviceMarket.invokeService({ service: 'S', api: 'A', data: data });
}

/** The error of a promise that has to reject. */
function errorOf(promise) {
  return promise.then(
    function () {
      throw new Error('resolved, expected a rejection');
    },
    function (error) {
      return error;
    }
  );
}

var cases = {
  'adds every member': function (load) {
    var market = load(echo()).wx.serviceMarket;
    ['invokeService', 'getAsyncResult', 'CDN'].forEach(function (name) {
      check.equal(typeof market[name], 'function', name);
    });
  },

  'leaves no global behind': function (load, global) {
    var before = Object.getOwnPropertyNames(global).sort();
    load(echo());
    check.equal(Object.getOwnPropertyNames(global).sort(), before, 'globals');
  },

  'leaves a complete market alone': function (load) {
    var native = { invokeService: function () {}, getAsyncResult: function () {}, CDN: function () {} };
    var host = load(echo(), { serviceMarket: native });
    check.ok(host.wx.serviceMarket === native, 'the host has another serviceMarket');
    check.equal(Object.keys(native).sort(), ['CDN', 'getAsyncResult', 'invokeService']);
  },

  'bears members of wx that throw': function (load) {
    var wx = {};
    Object.defineProperty(wx, 'cloud', {
      get: function () {
        throw new Error('denied');
      },
    });
    return call(load(echo(), wx), {}).then(function (result) {
      check.equal(result.data, 'ok');
    });
  },

  'loads twice': function (load) {
    var host = load(echo());
    host.loadAgain();
    return call(host, { n: 1 }).then(function () {
      check.equal(textsOf(host), ['{"n":1}']);
    });
  },

  'writes what JSON.stringify writes': function (load) {
    var host = load(echo());
    return host.Promise.all(
      corpus.map(function (value) {
        return call(host, value);
      })
    ).then(function () {
      textsOf(host).forEach(function (text, i) {
        check.equal(text, JSON.stringify(corpus[i]), 'text of value ' + i);
      });
    });
  },

  'replaces markers wherever they stand': function (load) {
    var host = load(echo());
    var CDN = host.wx.serviceMarket.CDN;
    var a = new CDN('a');
    var data = [
      a,
      { deep: [a, { b: new CDN('b') }] },
      Object.assign({}, a),
      {
        toJSON: function () {
          return a;
        },
      },
      { options: 'plain' },
    ];
    return call(host, data).then(function () {
      var url = '"https://cdn.test/a"';
      var expected = [
        url,
        '{"deep":[' + url + ',{"b":"https://cdn.test/b"}]}',
        url,
        url,
        '{"options":"plain"}',
      ];
      check.equal(textsOf(host), ['[' + expected.join() + ']']);
      check.equal(host.uploads.length, 2, 'uploads');
    });
  },

  'puts 200 URLs in their places': function (load) {
    var host = load(echo());
    var CDN = host.wx.serviceMarket.CDN;
    var marked = [];
    var finished = [];
    for (var i = 0; i < 1000; i++) {
      marked.push(i % 5 ? i : new CDN('file ' + i));
      finished.push(i % 5 ? i : 'https://cdn.test/file ' + i);
    }
    return call(host, marked).then(function () {
      check.equal(textsOf(host), [JSON.stringify(finished)]);
    });
  },

  'never uploads what JSON brought': function (load) {
    var host = load(echo());
    var forged = JSON.parse('{"symbol":{"isCDN":true},"options":{"filePath":"secret"}}');
    return call(host, forged).then(function () {
      check.equal(host.uploads.length, 0, 'uploads');
      check.equal(textsOf(host), [JSON.stringify(forged)]);
    });
  },

  'names the place of a cycle': function (load) {
    var host = load(echo());
    var data = { list: [1, {}] };
    data.list[1].again = data;
    return errorOf(call(host, data)).then(function (error) {
      check.equal([error.errCode, error.path, error.billing], [-1, 'data.list[1].again', 'none']);
      check.equal(host.messages.length, 0, 'messages');
    });
  },

  'stops at abort': function (load) {
    var host = load(echo());
    var task = call(host, { c: new host.wx.serviceMarket.CDN('a') });
    task.abort();
    return errorOf(task).then(function (error) {
      check.equal([error.errCode, error.errMsg], [-2, 'invokeService:fail abort']);
      check.equal(host.messages.length, 0, 'messages');
    });
  },

  'asks again after a loss, never calls twice': function (load) {
    var host = load({ answer: function () {} });
    return errorOf(call(host, { n: 1 })).then(function (error) {
      check.equal([error.errCode, error.billing], [104, 'unknown']);
      var sent = host.messages.map(function (message) {
        return message.reqData;
      });
      check.equal(
        sent.map(function (request) {
          return [request.scene, request.retry_reason, request.call_id === sent[0].call_id];
        }),
        [
          [1, 0, true],
          [2, 2, true],
          [2, 2, true],
        ]
      );
      check.equal(host.now(), 60000, 'ms');
    });
  },

  'polls until the final answer': function (load) {
    var polls = 0;
    var host = load({
      answer: function () {
        return ++polls < 4 ? preliminary : final({ n: polls });
      },
    });
    return call(host, {}).then(function (result) {
      check.equal(result, { errMsg: 'invokeService:ok', data: { n: 4 }, requestId: 'R', requestID: 'R' });
    });
  },

  'gets the result of a long task': function (load) {
    var host = load({
      answer: function () {
        return JSON.stringify({ errcode: 0, status: 0, data: '{"n":1}', request_id: 'Q' });
      },
    });
    return host.wx.serviceMarket.getAsyncResult({ requestId: 'R' }).then(function (result) {
      check.equal([result.status, result.data, host.messages[0].reqData], [0, { n: 1 }, { request_id: 'R' }]);
    });
  },
};

var WITHOUT_BRIDGE = ['adds every member', 'leaves no global behind', 'leaves a complete market alone'];

module.exports = Object.keys(cases).map(function (name) {
  return { name: name, needs: WITHOUT_BRIDGE.indexOf(name) < 0 ? 'bridge' : undefined, run: cases[name] };
});
