/** Puts right what MuJS 1.3.2 does otherwise than ES5 says; an engine that keeps to it stays as it is. */
module.exports = function repair() {
  var add = function (a, b) {
    return a + b;
  };

  // It throws for a list of one and no initial value (ES5 15.4.4.21).
  try {
    [1].reduce(add);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    var reduce = Array.prototype.reduce;
    Array.prototype.reduce = function () {
      if (arguments.length < 2 && this.length === 1) return this[0];
      return reduce.apply(this, arguments);
    };
  }

  // It adds the stack trace (ES5 15.11.4.4).
  if (String(new Error('text')) !== 'Error: text') {
    Error.prototype.toString = function () {
      return this.message ? this.name + ': ' + this.message : this.name;
    };
  }
};
