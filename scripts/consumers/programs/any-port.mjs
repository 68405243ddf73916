// Whatever port a program asks for, it gets a free one, and the parent is told which.
import net from 'node:net';

const { listen } = net.Server.prototype;
net.Server.prototype.listen = function () {
  this.once('listening', () => process.send(this.address().port));
  return listen.call(this, 0, '127.0.0.1');
};
