/** A value as JSON with sorted keys, so that equal values have equal texts. */
function canonical(value) {
  return JSON.stringify(value, function (key, item) {
    if (!item || typeof item !== 'object' || Array.isArray(item)) return item;
    var sorted = {};
    Object.keys(item)
      .sort()
      .forEach(function (name) {
        sorted[name] = item[name];
      });
    return sorted;
  });
}

/** @throws Error that shows both values where they differ */
exports.equal = function (actual, expected, what) {
  if (canonical(actual) !== canonical(expected)) {
    throw new Error((what || 'result') + ' is ' + canonical(actual) + ', expected ' + canonical(expected));
  }
};

/** @throws Error that names what does not hold */
exports.ok = function (condition, what) {
  if (!condition) throw new Error(what);
};

/** Thrown by a case that the engine or bundle cannot run. */
exports.Skip = function Skip(reason) {
  this.skip = reason;
};
