/** The plugin of the scripts that need one: the same code on both hosts. */

export const PLUGIN = {
  name: 'foo',
  appid: 'wx0123456789abcdef',
  version: '1.2.3',
  domain: 'https://server.test',
};

/** Its files; `index.js` is the main one. */
export const PLUGIN_FILES: Record<string, string> = {
  'index.js': `
    var runs = global.runs = (global.runs || 0) + 1;
    module.exports = {
      runs: function () { return runs; },
      wx: wx,
      list: [1, 2],
      date: new Date(0),
      fails: function () { throw new TypeError('of the plugin'); },
      call: function (callback) { return callback(); },
      promise: function () { return Promise.resolve('done'); },
      operate: function (options) { return wx.operateWXData(options); },
      seesGlobal: function (name) { return typeof global[name]; },
    };`,
  'other.js': "module.exports = 'other file';",
};
