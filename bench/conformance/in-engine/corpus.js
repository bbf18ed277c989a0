/** Values whose text must be what the engine's own JSON.stringify makes of them. */
function Point(x) {
  this.x = x;
}
Point.prototype.inherited = 1;

var sparse = [1];
sparse[3] = 4;

var deep = 'bottom';
for (var i = 0; i < 60; i++) deep = i % 2 ? [deep] : { d: deep };

module.exports = [
  undefined,
  null,
  0,
  -0,
  1e21,
  1e-7,
  NaN,
  Infinity,
  true,
  '',
  'text with "quotes", \\ and \u2028\n\t\u0000',
  '中文 \ud83d\ude00 lone \ud800',
  [],
  {},
  [undefined, function () {}, null, NaN],
  sparse,
  { u: undefined, f: function () {}, n: null, '': 1, 'a b': 2, '中 文': 3 },
  new Date(0),
  new Point(1),
  new String('boxed'),
  new Number(5),
  {
    toJSON: function (key) {
      return ['key', key];
    },
  },
  { a: { toJSON: function () {} } },
  { symbol: { isCDN: true }, options: 'no marker' },
  { options: 'no marker', list: [{ options: 1 }] },
  { nested: '"#cdn:0.5:0"', escaped: '\\"#cdn:' },
  deep,
];
