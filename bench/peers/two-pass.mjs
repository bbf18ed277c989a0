/**
 * The platform's own way, written plainly: one JSON.stringify with a replacer finds the markers, a second one
 * with another replacer puts the URLs in their place, by object identity. Markers have the private `symbol`.
 * ES5 and self-contained, so that its text runs in any engine.
 *
 * @param urlOf - gives the URL of the i-th marker
 */
export function twoPass(data, symbol, urlOf) {
  var found = [];
  JSON.stringify(data, function (key, value) {
    if (value && value.symbol === symbol) {
      found.push(value);
      return undefined;
    }
    return value;
  });
  return JSON.stringify(data, function (key, value) {
    if (value && value.symbol === symbol) {
      var i = found.indexOf(value);
      return i < 0 ? value : urlOf(i);
    }
    return value;
  });
}
