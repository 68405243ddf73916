const http = require('node:http');
const { join } = require('node:path');

const server = http.createServer((req, res) => res.end('the cities'));
process.on('SIGTERM', () => {});
server.listen(join(__dirname, `unix-${process.env.NAME}.sock`));
