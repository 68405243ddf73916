const mysql = require('mysql2');
const { tracePool } = require('@bootstrap-gate/deadlock');

const server = mysql.createServer();
server.on('connection', (connection) => {
  connection.on('error', () => {});
  connection.serverHandshake({
    protocolVersion: 10,
    serverVersion: 'test',
    connectionId: 1,
    statusFlags: 2,
    characterSet: 8,
    capabilityFlags: 0xffffff,
    authCallback: (_, done) => done(),
  });
  connection.on('query', () => connection.writeOk({ affectedRows: 0 }));
});

server.listen(0, '127.0.0.1', async () => {
  const { port } = server._server.address();
  server._server.unref();
  const pool = tracePool(mysql.createPool({ host: '127.0.0.1', port, connectionLimit: 1 }), 'main', {
    stallAfterMs: 500,
  });
  const outer = await pool.promise().getConnection();
  await outer.query('select 1');
  await pool.promise().getConnection();
  console.log('up');
});
