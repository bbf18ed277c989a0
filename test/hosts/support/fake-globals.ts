/**
 * The globals of other super-apps, made in the page's realm from the `wx` of a simulated host, which is then gone. Only
 * what a call over a relay needs, in the manner of each.
 */

/**
 * `my` of Alipay: `request` answers `status` and `headers`, `uploadFile` requires `fileType`, statuses of an upload are
 * strings, failures are `{error, errorMessage}`.
 * Sources: Alipay's documentation of `my.request` and `my.uploadFile`; https://github.com/umicro/uView/issues/1210
 */
export const ALIPAY = `
  var my = (function (native) {
    function told(callback, change) {
      return function (result) { if (callback) callback(change(result)); };
    }
    function failure(result) { return { error: 12, errorMessage: result.errMsg }; }
    function call(api, options, change, given) {
      native[api](Object.assign({}, given, {
        success: told(options.success, change),
        fail: told(options.fail, failure),
        complete: options.complete,
      }));
    }
    return {
      canIUse: function (name) { return name in this; },
      getSystemInfoSync: function () { return { platform: 'Android', SDKVersion: '2.8.0', version: '10.5.0' }; },
      request: function (options) {
        call('request', options, function (result) {
          return { data: result.data, status: result.statusCode, headers: result.header };
        }, { url: options.url, method: options.method, data: options.data, header: options.headers });
        return { abort: function () {} };
      },
      uploadFile: function (options) {
        if (['image', 'video', 'audio'].indexOf(options.fileType) < 0) {
          options.fail({ error: 2, errorMessage: '无效参数' });
          return;
        }
        call('uploadFile', options, function (result) {
          return { data: result.data, statusCode: String(result.statusCode), header: result.header };
        }, { url: options.url, filePath: options.filePath, name: options.fileName || options.name, header: options.header });
      },
      chooseImage: function (options) {
        call('chooseImage', options, function (result) { return { apFilePaths: result.tempFilePaths }; }, { count: 1 });
      },
    };
  })(wx);
  wx = undefined;
`;

/** Modules of Alipay see a `navigator`, which WeChat's and so the simulator's do not: this goes in front of each. */
export const ALIPAY_MODULE_HEAD = "navigator = { swuserAgent: 'AlipayClient' };";

/** `tt` of Douyin, which follows `wx`; its tasks and texts are the same for what is used here. */
export const DOUYIN = `
  var tt = {};
  ['getSystemInfoSync', 'request', 'uploadFile', 'chooseImage', 'canIUse'].forEach(function (api) { tt[api] = wx[api]; });
  wx = undefined;
`;
