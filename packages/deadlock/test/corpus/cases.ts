/** What has to be said of each program of the corpus: all of it is `named`, some of it `partly`. */
export interface Hang {
  readonly file: string;
  readonly says: readonly RegExp[];
  readonly needs?: 'postgres' | 'redis-server';
}

const cycle = /A cycle of awaits that cannot end/;
const main = /\bmain \(/;

export const hangs: readonly Hang[] = [
  { file: 'memoised-promises-in-a-cycle.cjs', says: [cycle, /:4:\d+/, /:8:\d+/, main] },
  { file: 'container-in-a-cycle.cjs', says: [cycle, /:19:\d+/, /:20:\d+/, /:21:\d+/] },
  {
    file: 'dropped-resolve.cjs',
    says: [/main \(.*:9:3\) waits for a promise that no JavaScript can resolve any more/],
  },
  {
    file: 'all-with-a-dropped-arm.cjs',
    says: [/start \(.*:3:\d+\) waits for a promise that no Java/, /awaited in Promise\.all by main \(.*:8:3\)/],
  },
  {
    file: 'modules-that-await-each-other.mjs',
    says: [/A cycle of awaits/, /top level \(.*each-other\.mjs:2:24\)/, /top level \(.*plugins\.mjs:1:20\)/],
  },
  {
    file: 'top-level-await-of-a-dropped-promise.mjs',
    says: [/top level \(.*:4:1\) waits for .*listener of (?:"connected" of )?EventEmitter/],
  },
  {
    file: 'event-that-came-too-early.cjs',
    says: [/main \(.*:13:3\) waits for .*listener of (?:\"ready\" of )?Client/],
  },
  { file: 'p-limit-in-itself.mjs', says: [/:8:5\) waits for .*p-limit/, /Promise\.all by top level \(.*:10:1\)/] },
  { file: 'p-queue-in-itself.mjs', says: [/:5:3\) waits for .*PQueue\.#queue/, /awaited by top level \(.*:4:1\)/] },
  { file: 'async-queue-in-itself.cjs', says: [/:4:24/, /main \(.*:8:3\)/] },
  { file: 'async-lock-in-itself.cjs', says: [/:7:5/, /main \(.*:6:3\)/, /AsyncLock/] },
  {
    file: 'abba-of-async-mutex.cjs',
    says: [
      /Only suspended functions could continue these/,
      /:10:5\) waits for .*Mutex/,
      /:15:5\) waits for .*Mutex/,
      /awaited by main/,
    ],
  },
  {
    file: 'read-lock-upgraded.cjs',
    says: [/Only suspended functions could continue these/, /2 × reader \(.*:10:\d+\) waits for .*Semaphore/],
  },
  { file: 'dataloader-in-its-own-batch.cjs', says: [cycle, /:5:53/] },
  { file: 'stream-that-is-not-read.cjs', says: [/main \(.*:6:3\) waits for .*listener of .*ReadStream/] },
  {
    file: 'stdin-that-never-ends.cjs',
    says: [/main \(.*:4:20\) waits for .*Interface/, /standard input is being read/],
  },
  { file: 'child-with-unread-output.cjs', says: [/main \(.*:6:3\)/, /nothing reads its stdout/] },
  {
    file: 'child-that-waits-for-stdin.cjs',
    says: [/main \(.*:7:3\)/, /\(sort\) has not ended.*its stdin has not been ended/],
  },
  { file: 'child-that-is-stopped.cjs', says: [/main \(.*:7:3\)/, /it is stopped/] },
  { file: 'worker-that-waits-for-us.cjs', says: [/main \(.*:10:3\) waits for .*Worker/, /worker|message port/] },
  {
    file: 'peer-that-is-silent.cjs',
    says: [/main \(.*:8:22\) waits for .*Socket/, /sent 6 bytes, has received nothing/],
  },
  { file: 'http-request-without-a-response.cjs', says: [/main \(.*:6:3\)/, /GET \/flags has no response/] },
  { file: 'fetch-without-a-response.cjs', says: [/main \(.*:4:20\)/, /GET http:.*\/secrets has no response/] },
  {
    file: 'unread-body-and-one-socket.cjs',
    says: [/main \(.*:12:3\)/, /GET \/first: nothing reads its response/, /GET \/second/],
  },
  {
    file: 'undici-pool-with-an-unread-body.cjs',
    says: [/main \(.*:7:3\)/, /\/first has a response whose body has not been read/],
  },
  {
    file: 'ioredis-that-is-refused.cjs',
    says: [/main \(.*:6:3\)/, /127\.0\.0\.1:1 failed \d+ times \(ECONNREFUSED\)/],
  },
  {
    file: 'node-redis-that-is-refused.cjs',
    says: [/main \(.*:6:3\)/, /127\.0\.0\.1:1 failed \d+ times \(ECONNREFUSED\)/],
  },
  {
    file: 'mongoose-that-is-refused.cjs',
    says: [/main \(.*:4:3\)/, /127\.0\.0\.1:1 failed \d+ times \(ECONNREFUSED\)/],
  },
  { file: 'bullmq-that-is-refused.cjs', says: [/main \(.*:6:3\)/, /127\.0\.0\.1:1 failed \d+ times \(ECONNREFUSED\)/] },
  { file: 'pg-that-is-not-answered.cjs', says: [/main \(.*:6:3\)/, /has received nothing/] },
  { file: 'mysql2-that-is-not-answered.cjs', says: [/main \(.*:5:3\)/, /has received nothing/] },
  { file: 'port-in-use.cjs', says: [/main \(.*:9:3\)/, /EADDRINUSE/] },
  { file: 'endless-loop.cjs', says: [/event loop has been blocked/, /at parse \(.*endless-loop\.cjs:3:/] },
  { file: 'atomics-wait.cjs', says: [/event loop has been blocked/, /at waitForWorker \(.*atomics-wait\.cjs:4:/] },
  {
    file: 'exec-sync-of-own-server.cjs',
    says: [/event loop has been blocked/, /own-server\.cjs:6:3/, /child process: \d+ \(.*health/],
  },
  { file: 'pipe-without-a-writer.cjs', says: [/main \(.*:10:3\) waits for open\(\) of Node/, /file operation/] },
  { file: 'file-that-never-appears.cjs', says: [/main \(.*:8:\d+\)/, /file watch/] },
  { file: 'timer-that-keeps-nothing-alive.cjs', says: [/main \(.*:4:3\) waits for .*timer/] },
  { file: 'server-that-cannot-close.cjs', says: [/main \(.*:9:3\)/, /closed waits for its connections, 1 connection/] },
  {
    file: 'self-request-over-a-unix-socket.cjs',
    says: [/bootstrap \(.*:12:3\)/, /handle \(.*:16:3\)/, /GET \/schema has no response/],
  },
  { file: 'redis-list-that-stays-empty.cjs', says: [/main \(.*:5:3\)/, /Command|blpop/], needs: 'redis-server' },
  { file: 'pg-pool-nested.cjs', says: [/GATE_POOL_STALLED/, /:14:29/, /:16:14/], needs: 'postgres' },
  { file: 'pg-connection-that-is-leaked.cjs', says: [/GATE_POOL_STALLED/, /:13:29/, /:19:14/], needs: 'postgres' },
  {
    file: 'pg-lock-of-another-session.cjs',
    says: [/is blocked by/, /:12:28/, /update locked_settings set value = 3/],
    needs: 'postgres',
  },
  { file: 'knex-transaction-in-a-transaction.cjs', says: [/GATE_DEADLOCK/, /:9:12/, /select 2/], needs: 'postgres' },
  {
    file: 'sequelize-transaction-without-its-option.cjs',
    says: [/GATE_DEADLOCK/, /:14:19/, /:16:21/],
    needs: 'postgres',
  },
  { file: 'generic-pool-in-itself.cjs', says: [/GATE_DEADLOCK/, /:7:8/, /:9:16/] },
  { file: 'mysql2-pool-nested.cjs', says: [/GATE_POOL_STALLED/, /:25:38/, /:27:24/] },
];
