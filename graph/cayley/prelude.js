// What every script finds in its engine: the graph behind a guard, and no
// function that does unbounded work in one step which nothing can interrupt.
(function (global) {
  "use strict";
  const check = global.checkArguments, isPath = global.isPath, longestText = global.longestText;
  for (const name of ["checkArguments", "isPath", "longestText"]) delete global[name];

  const longestString = 1 << 20, longestArray = 1 << 17;
  const { apply, construct, defineProperty } = Reflect;
  const set = (o, key, value) => defineProperty(o, key, { value, writable: true, configurable: true });
  const tooLong = what => { throw new RangeError(what + " is too long"); };

  // Code made of strings could be nested deeper than the parser bears.
  delete global.eval;
  delete global.Function;
  for (const f of [function () {}, function* () {}, async function () {}])
    set(Object.getPrototypeOf(f), "constructor", undefined);

  // Memory taken in one step.
  for (const name of ["ArrayBuffer", "SharedArrayBuffer", "DataView", "Int8Array", "Uint8Array",
    "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array", "Float32Array",
    "Float64Array", "BigInt64Array", "BigUint64Array"]) delete global[name];
  const { repeat, padStart, padEnd } = String.prototype;
  set(String.prototype, "repeat", function (n) {
    if (String(this).length * n > longestString) tooLong("a repeated string");
    return apply(repeat, this, [n]);
  });
  for (const [name, pad] of [["padStart", padStart], ["padEnd", padEnd]])
    set(String.prototype, name, function (n, by) {
      if (n > longestString) tooLong("a padded string");
      return apply(pad, this, by === undefined ? [n] : [n, by]);
    });

  // Loops over a length that was only claimed: new Array(1e9).fill(0).
  const short = a => { if (a != null && a.length > longestArray) tooLong("an array"); return a; };
  for (const key of Reflect.ownKeys(Array.prototype)) {
    const method = Array.prototype[key];
    if (typeof method !== "function" || key === "constructor" || key === "push" || key === "pop") continue;
    set(Array.prototype, key, function (...args) {
      // By index: the iterator of arrays is itself one of these methods.
      for (let i = 0; i < args.length; i++) if (Array.isArray(args[i])) short(args[i]);
      return apply(method, short(this), args);
    });
  }
  const { from } = Array;
  set(Array, "from", function (a, ...rest) { return apply(from, this, [short(a), ...rest]); });
  set(Object.getPrototypeOf(check), "apply", function (self, args) { return apply(this, self, short(args) || []); });
  set(Reflect, "apply", (f, self, args) => apply(f, self, short(args)));
  set(Reflect, "construct", (f, args, ...rest) => construct(f, short(args), ...rest));

  // Recursion over a value.
  const { parse, stringify } = JSON;
  set(JSON, "parse", (text, ...rest) => {
    if (String(text).length > longestText) tooLong("a JSON text");
    return parse(text, ...rest);
  });
  set(JSON, "stringify", (v, ...rest) => { check(v); return stringify(v, ...rest); });

  // Cayley's own objects, which copy their arguments by recursion.
  const inner = new WeakMap();
  const unwrap = v => inner.get(v) || (Array.isArray(v) ? v.map(unwrap) : v);
  const wrapped = f => (...args) => { check(...args); return wrap(f(...args.map(unwrap))); };
  function wrap(v) { return isPath(v) ? guarded(v) : v; }
  function guarded(o) {
    const p = new Proxy({}, {
      get(_, key) { const m = o[key]; return typeof m === "function" ? wrapped(m) : m; },
      has(_, key) { return key in o; },
      set() { return false; },
    });
    inner.set(p, o);
    return p;
  }
  global.g = global.graph = guarded(global.graph);
  for (const name of ["iri", "bnode", "raw", "str", "lang", "typed", "lt", "lte", "gt", "gte", "regex", "like"])
    global[name] = wrapped(global[name]);
})(globalThis);
