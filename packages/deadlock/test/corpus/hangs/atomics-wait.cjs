const flags = new Int32Array(new SharedArrayBuffer(4));

function waitForWorker() {
  Atomics.wait(flags, 0, 0);
}
setTimeout(waitForWorker, 100);
