import assert from 'node:assert/strict';
import { openQuickJS } from '../conformance/engines/quickjs.mjs';
import { compare } from '../harness/compare.mjs';
import { target, timedRow } from '../harness/row.mjs';
import { makeData, urlOf } from '../peers/data.mjs';
import { twoPass } from '../peers/two-pass.mjs';
import { CASES, nameOfCase } from './prepare.mjs';

export const keys = CASES.map((each) => `quickjs.${nameOfCase(each)}`);
export const title = 'the same in QuickJS, an interpreter';

/** The ways of payload-ways.mjs that are ES5, as a script: `use(name)` prepares once and gives the text's length. */
const script = (payload, [leaves, markers]) => `
  var module = { exports: {} };
  (function (exports) {${payload}})(module.exports);
  ${makeData}
  ${urlOf}
  ${twoPass}
  var symbol = {};
  var urls = [];
  for (var i = 0; i < ${markers}; i++) urls.push(urlOf(i));
  function dataWith(makeMarker) { return makeData(${leaves}, ${markers}, makeMarker); }
  var finished = dataWith(urlOf);
  var ours = dataWith(function (i) { return new module.exports.CDN('content ' + i); });
  var marked = dataWith(function (i) { return { symbol: symbol, options: 'content ' + i }; });
  var ways = {
    ours: function () { return module.exports.prepare(ours, urls); },
    plain: function () { return JSON.stringify(finished); },
    'two-pass': function () { return twoPass(marked, symbol, urlOf); }
  };
  function use(name, times) {
    var length = 0;
    while (times--) length += ways[name]().length;
    return length;
  }
`;

/** Node's clock times the runs from outside: QuickJS has none that is fine enough. */
export async function measure(key, { payload }) {
  const found = CASES[keys.indexOf(key)];
  const engine = await openQuickJS();
  engine.evaluate(`${script(payload, found)};0`);
  const plain = engine.evaluate('ways.plain()');
  for (const name of ['ours', 'two-pass']) {
    assert.equal(engine.evaluate(`ways[${JSON.stringify(name)}]()`), plain, `${name} gives another text`);
  }
  // Entering the engine costs as much as a small payload, so small ones are prepared many times at once.
  const times = found[0] < 1000 ? 200 : 1;
  const ways = Object.fromEntries(
    ['ours', 'plain', 'two-pass'].map((name) => [name, () => engine.evaluate(`use('${name}', ${times})`)]),
  );
  const result = await compare(ways, 'plain', { sampleMs: 20 });
  engine.close();
  for (const name of Object.keys(result.ms)) result.ms[name] /= times;
  return {
    [key]: timedRow(result, 'ours', 'plain', (over) => [target('ours / two-pass', over('two-pass'), 1)]),
  };
}
