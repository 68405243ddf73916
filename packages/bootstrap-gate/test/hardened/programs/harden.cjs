// Loaded before a program, with --require: makes of the process what the variable HARDEN says.
const realSetTimeout = setTimeout;
const timers = new Map();

const ways = {
  prepareStackTraceGivesSites() {
    Error.prepareStackTrace = (_error, sites) => sites;
  },
  noCaptureStackTrace() {
    delete Error.captureStackTrace;
  },
  numberTimers() {
    globalThis.setTimeout = (fn, ms, ...args) => {
      timers.set(timers.size + 1, realSetTimeout(fn, ms, ...args));
      return timers.size;
    };
    const clear = clearTimeout;
    globalThis.clearTimeout = (id) => clear(typeof id === 'number' ? timers.get(id) : id);
    globalThis.setImmediate = (fn, ...args) => setTimeout(fn, 0, ...args);
  },
  foreignAbortController() {
    // That of a DOM is no EventTarget of Node's.
    globalThis.AbortSignal = class {
      aborted = false;
      reason = undefined;
      #listeners = new Set();
      addEventListener(_type, listener) {
        this.#listeners.add(listener);
      }
      removeEventListener(_type, listener) {
        this.#listeners.delete(listener);
      }
      throwIfAborted() {
        if (this.aborted) throw this.reason;
      }
      fire(reason) {
        Object.assign(this, { aborted: true, reason });
        for (const listener of this.#listeners) listener({ type: 'abort' });
      }
    };
    globalThis.AbortController = class {
      signal = new AbortSignal();
      abort(reason) {
        this.signal.fire(reason);
      }
    };
  },
  foreignPromise() {
    const Native = Promise;
    function Foreign(executor) {
      if (new.target !== Foreign) throw new TypeError('this promise cannot be extended');
      return new Native(executor);
    }
    for (const name of ['resolve', 'reject', 'all', 'allSettled', 'race'])
      Foreign[name] = (...args) => Native[name](...args);
    globalThis.Promise = Foreign;
  },
  clockIsNaN() {
    performance.now = () => NaN;
  },
  clockThrows() {
    performance.now = () => {
      throw new Error('no clock');
    };
  },
  clockLeaps() {
    const now = performance.now.bind(performance);
    let reads = 0;
    performance.now = () => now() - (reads++ > 10 ? 1e7 : 0);
  },
  noTimeOrigin() {
    Object.defineProperty(performance, 'timeOrigin', { value: undefined });
  },
  emitWarningThrows() {
    const emit = process.emitWarning;
    process.emitWarning = (warning, options, ...rest) => {
      const { name = options?.type } = Object(warning);
      if (name === 'BootstrapGateWarning') throw new Error('no warnings here');
      emit(warning, options, ...rest); // those of Node and of the loader
    };
  },
};

ways[process.env.HARDEN]?.();
