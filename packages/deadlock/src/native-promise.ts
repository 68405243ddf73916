/** Node's own, also where a library has put another in its place that cannot be extended. */
export const NativePromise = (async () => {})().constructor as PromiseConstructor;
