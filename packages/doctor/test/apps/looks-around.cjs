// Everything that a process can see of being watched.
const http = require('node:http');
const net = require('node:net');

const methods = [
  [http.Server.prototype, 'emit'],
  [net.Socket.prototype, 'connect'],
  [net.Socket.prototype, '_writeGeneric'],
  [process, 'emit'],
];
const server = http.createServer((req, res) => res.end('ok'));
server.listen(0, () => {
  const socket = net.connect(server.address().port, '127.0.0.1', () => {
    const seen = {
      send: typeof process.send,
      connected: process.connected,
      argv: process.argv.slice(2),
      execArgv: process.execArgv,
      listeners: process.eventNames().map((name) => [String(name), process.listenerCount(name)]),
      signals: ['SIGTERM', 'SIGINT', 'exit', 'beforeExit', 'uncaughtException', 'unhandledRejection', 'warning'].map(
        (name) => process.listenerCount(name),
      ),
      server: server.eventNames().map((name) => [String(name), server.listenerCount(name)]),
      errors: socket.listenerCount('error'),
      connects: socket.listenerCount('connect'),
      methods: methods.map(([object, name]) => [
        object[name].name,
        object[name].length,
        Object.keys(object).includes(name),
      ]),
      resources: process.getActiveResourcesInfo().sort(),
      stackTraceLimit: Error.stackTraceLimit,
      prepareStackTrace: 'prepareStackTrace' in Error && Error.prepareStackTrace !== undefined,
      globals: Object.keys(globalThis),
      modules: Object.keys(require.cache).length,
    };
    console.log(JSON.stringify(seen));
    socket.destroy();
    server.close();
    if (process.argv[2] === 'throw')
      setTimeout(() => {
        throw new Error('thrown');
      });
    if (process.argv[2] === 'reject') Promise.reject(new Error('rejected'));
    if (process.argv[2] === 'emit-error') new (require('node:events'))().emit('error', new Error('emitted'));
    if (process.argv[2] === 'exit') process.exit(7);
    if (process.argv[2] === 'exit-code') process.exitCode = 9;
    if (process.argv[2] === 'socket-error') net.connect(1, '127.0.0.1');
    if (process.argv[2] === 'exit-listener') process.on('exit', () => (process.exitCode = 5));
    if (process.argv[2] === 'kill') process.kill(process.pid, 'SIGTERM');
  });
});
