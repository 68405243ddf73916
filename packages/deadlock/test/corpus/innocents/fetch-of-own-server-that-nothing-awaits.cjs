const { createServer } = require('node:http');

const server = createServer((_, res) => res.end('ok'));
server.listen(0, '127.0.0.1', () => {
  void fetch(`http://127.0.0.1:${server.address().port}/`).then(async (response) => {
    await response.text();
    console.log('up');
    server.close();
    server.closeAllConnections();
  });
});
