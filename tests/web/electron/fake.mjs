// SPDX-License-Identifier: GPL-2.0
/*
 * fake.mjs - the part of Electron that ts/electron uses, for tests
 *
 * All calls are recorded in fake.calls.  Where Electron refuses (the wrong time,
 * something that cannot be sent), this throws as well.  Ports carry structured clones, and utility
 * processes are real processes of Node.js (utility.mjs).
 */
import { fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { MessageChannel } from 'node:worker_threads';

const utilityProgram = new URL('./utility.mjs', import.meta.url).href;

/** Calls that were recorded, for tests to check, and answers that tests prepare. */
export const fake = {
  calls: [],
  ready: false,
  lock: true,
  switches: {},
  paths: { userData: '/nonexistent' },
  /** Answers of dialogs, in their order; a dialog that nobody expects is an error. */
  answers: [],
  handlers: new Map(),
  protocols: new Map(),
  windows: [],
  processes: [],
  /** File objects whose paths Electron would know. */
  filePaths: new Map(),
  rendererListeners: new Map(),
  exposed: {},
  of: (name) => fake.calls.filter((call) => call.name === name).map(({ args }) => args),

  async start() {
    fake.ready = true;
    app.emit('ready');
    await new Promise(setImmediate);
  },

  /** A call of the page in @window, like those of ipcRenderer. */
  async invoke(window, channel, ...args) {
    return fake.invokeFrom({ sender: window.webContents, senderFrame: window.webContents.mainFrame }, channel, ...args);
  },

  async invokeFrom(event, channel, ...args) {
    const handler = fake.handlers.get(channel);
    if (!handler)
      throw new Error(`no handler for ${channel}`);
    return structuredClone(await handler(event, ...structuredClone(args)));
  },
};

function record(name, ...args) {
  fake.calls.push({ name, args });
}

function answer(name, ...args) {
  record(name, ...args);
  if (!fake.answers.length)
    throw new Error(`${name}: no answer is expected: ${JSON.stringify(args)}`);
  return fake.answers.shift();
}

export const app = Object.assign(new EventEmitter(), {
  isPackaged: true,
  commandLine: { getSwitchValue: (name) => fake.switches[name] ?? '' },
  requestSingleInstanceLock: () => fake.lock,
  quit: () => record('quit'),
  enableSandbox() {
    if (fake.ready)
      throw new Error('app.enableSandbox() can only be called before app is ready');
    record('enableSandbox');
  },
  isReady: () => fake.ready,
  whenReady: () => fake.ready ? Promise.resolve() : once(app, 'ready'),
  getPath: (name) => fake.paths[name],
  addRecentDocument: (path) => record('addRecentDocument', path),
  clearRecentDocuments: () => record('clearRecentDocuments'),
});

export const protocol = {
  registerSchemesAsPrivileged(schemes) {
    if (fake.ready)
      throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
    record('registerSchemesAsPrivileged', schemes);
  },
  handle(scheme, handler) {
    if (!fake.ready)
      throw new Error('protocol.handle() needs a ready app');
    fake.protocols.set(scheme, handler);
  },
};

export const ipcMain = {
  handle(channel, handler) {
    if (fake.handlers.has(channel))
      throw new Error(`Attempted to register a second handler for '${channel}'`);
    fake.handlers.set(channel, handler);
  },
};

export const dialog = {
  showOpenDialog: async (...args) => answer('showOpenDialog', ...args),
  showMessageBox: async (...args) => answer('showMessageBox', ...args),
  showMessageBoxSync: (...args) => answer('showMessageBoxSync', ...args),
  showErrorBox: (...args) => record('showErrorBox', ...args),
};

export const Menu = {
  buildFromTemplate: (template) => ({ template }),
  setApplicationMenu: (menu) => record('setApplicationMenu', menu),
};

let lastContents = 0;

class FakeContents extends EventEmitter {
  id = ++lastContents;
  mainFrame = { url: '', parent: null };
  sent = [];
  ports = [];
  session = {
    setPermissionRequestHandler: (handler) => { this.permissionRequest = handler; },
    setPermissionCheckHandler: (handler) => { this.permissionCheck = handler; },
  };

  isDestroyed() {
    return !fake.windows.some(({ webContents }) => webContents === this);
  }

  setWindowOpenHandler(handler) {
    this.windowOpen = handler;
  }

  send(channel, ...args) {
    if (this.isDestroyed())
      throw new TypeError('Object has been destroyed');
    this.sent.push([channel, ...structuredClone(args)]);
    this.emit('fake-sent', channel, ...args);
  }

  postMessage(channel, message, transfer) {
    if (!transfer.every((port) => port instanceof MessagePortMain))
      throw new TypeError('Invalid value for transfer');
    this.ports.push([channel, structuredClone(message), transfer]);
    this.emit('fake-port', channel, message, transfer);
  }
}

export class BrowserWindow extends EventEmitter {
  static getAllWindows = () => [...fake.windows];
  static getFocusedWindow = () => fake.windows.find((one) => one.focused) ?? null;
  static fromWebContents = (contents) => fake.windows.find((one) => one.webContents === contents) ?? null;

  webContents = new FakeContents();
  minimized = false;

  constructor(options) {
    super();
    if (!fake.ready)
      throw new Error('Cannot create BrowserWindow before app is ready');
    this.options = options;
    fake.windows.push(this);
  }

  async loadURL(url) {
    this.webContents.mainFrame.url = url;
  }

  show() { this.shown = true; }
  restore() { this.minimized = false; }
  isMinimized() { return this.minimized; }

  focus() {
    fake.windows.forEach((one) => { one.focused = one === this; });
  }

  /** Close it like the user; @prevents: the page has unsaved changes.  @return whether it closed */
  userCloses(prevents) {
    let close = !prevents;
    if (prevents)
      this.webContents.emit('will-prevent-unload', { preventDefault: () => { close = true; } });
    if (close) {
      fake.windows = fake.windows.filter((one) => one !== this);
      this.emit('closed');
    }
    return close;
  }
}

/** Transfers ports only, and delivers no messages before start(). */
export class MessagePortMain extends EventEmitter {
  constructor(port) {
    super();
    this.port = port;
    port.on('close', () => this.emit('close'));
  }

  start() {
    this.port.on('message', (data) => this.emit('message', { data, ports: [] }));
  }

  postMessage(message, transfer = []) {
    if (transfer.length)
      throw new TypeError('this port transfers nothing in tests');
    this.port.postMessage(message);
  }

  close() {
    this.port.close();
  }
}

export class MessageChannelMain {
  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.port1 = new MessagePortMain(port1);
    this.port2 = new MessagePortMain(port2);
  }
}

class FakeUtility extends EventEmitter {
  constructor(program, args, options) {
    super();
    this.options = options;
    this.child = fork(program, args, {
      execPath: process.execPath, execArgv: ['--import', utilityProgram], serialization: 'advanced',
    });
    this.child.on('exit', (code) => {
      this.exitCode = code;
      this.port?.close();
      this.emit('exit', code);
    });
    this.child.on('message', ({ port }) => this.port.postMessage(port));
    this.exited = once(this.child, 'exit');
  }

  postMessage(message, [port] = []) {
    if (port) {
      this.port = port;
      port.on('message', ({ data }) => this.child.connected && this.child.send({ port: data }));
      port.on('close', () => this.child.connected && this.child.send({ closed: true }));
      port.start();
    }
    if (this.child.connected)
      this.child.send({ message, ports: port ? 1 : 0 });
  }
}

export const utilityProcess = {
  fork(program, args, options) {
    record('fork', program, args, options);
    const child = new FakeUtility(program, args, options);
    fake.processes.push(child);
    return child;
  },
};

// ---- of the preload script ----

export const contextBridge = {
  exposeInMainWorld(name, api) {
    for (const [key, member] of Object.entries(api))
      if (typeof member !== 'function')
        throw new Error(`${key}: the tests know functions only`);
    fake.exposed[name] = api;
  },
};

export const ipcRenderer = {
  invoke: (channel, ...args) => fake.invoke(fake.current, channel, ...args),
  on: (channel, listener) => { fake.rendererListeners.set(channel, listener); },
};

export const webUtils = {
  getPathForFile: (file) => fake.filePaths.get(file) ?? '',
};
