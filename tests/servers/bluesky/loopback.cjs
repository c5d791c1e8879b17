// Preloaded into the servers: every listener opens on this machine's own address alone.
const net = require('node:net')
const listen = net.Server.prototype.listen

net.Server.prototype.listen = function (...args) {
  if (typeof args[0] === 'number' || /^\d+$/.test(args[0])) {
    const done = args.find((arg) => typeof arg === 'function')
    return listen.call(this, { port: Number(args[0]), host: '127.0.0.1' }, done)
  }
  if (typeof args[0] === 'object' && 'port' in args[0]) args[0].host = '127.0.0.1'
  return listen.apply(this, args)
}
