// SPDX-License-Identifier: GPL-2.0
/*
 * utility.mjs - fakes of process.parentPort of a utility process and of the MessagePort that it
 * receives; both use the channel of child_process.fork()
 */
import { EventEmitter } from 'node:events';

class Port extends EventEmitter {
  waiting = [];

  postMessage(message, transfer = []) {
    if (transfer.length)
      throw new TypeError('a MessagePortMain transfers ports only');
    if (process.connected)
      process.send({ port: message });
  }

  take(data) {
    if (this.waiting)
      this.waiting.push(data);
    else
      this.emit('message', { data, ports: [] });
  }

  start() {
    const { waiting } = this;
    this.waiting = null;
    for (const data of waiting ?? [])
      this.emit('message', { data, ports: [] });
  }
}

const port = new Port();
process.parentPort = new EventEmitter();
process.on('message', ({ message, ports, port: data, closed }) => {
  if (message)
    process.parentPort.emit('message', { data: message, ports: ports ? [port] : [] });
  else if (closed)
    port.emit('close');
  else
    port.take(data);
});
// The main program has ended, perhaps because it was killed: end this process, too.
process.on('disconnect', () => process.exit(0));
