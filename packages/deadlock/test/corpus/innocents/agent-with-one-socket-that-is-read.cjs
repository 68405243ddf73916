const http = require('node:http');

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const server = http.createServer((_, res) => res.end('ok'));
server.listen(0, '127.0.0.1', async () => {
  const { port } = server.address();
  const get = (path) =>
    new Promise((resolve) => http.get({ port, path, agent }, (res) => res.resume().on('end', resolve)));
  await Promise.all([get('/first'), get('/second')]);
  agent.destroy();
  server.close();
  console.log('up');
});
