// How the module is reached: what it exports, and that there is one of it.
import { assert, event, test } from '../harness.js'

const CONSOLES = ['node-20', 'node-26', 'deno', 'bun']

test('entries: require gives the same object as import', { ours: true, only: CONSOLES, why: 'they have require' }, async (t) => {
  const { createRequire } = await import('node:module')
  const required = createRequire(import.meta.url)('isomorphic-tls')
  assert.strictEqual(required, t.tls)
  assert.isFunction(required.connect)
})

test('entries: what is replaced on the object counts', { ours: true }, async (t) => {
  const peer = await t.peer()
  const own = t.tls.DEFAULT_MAX_VERSION
  t.after(() => {
    t.tls.DEFAULT_MAX_VERSION = own
  })
  t.tls.DEFAULT_MAX_VERSION = 'TLSv1.2'
  const socket = t.connect(t.to(peer))
  await event(socket, 'secureConnect')
  assert.equal(socket.getProtocol(), 'TLSv1.2')
})

test('entries: importing adds nothing global', { ours: true, only: CONSOLES, why: 'a fresh process is started' }, async (t) => {
  const { execFile } = await import('node:child_process')
  const process = await import('node:process')
  const program =
    "const before = Object.getOwnPropertyNames(globalThis); await import('isomorphic-tls'); " +
    'console.log(JSON.stringify(Object.getOwnPropertyNames(globalThis).filter((name) => !before.includes(name))))'
  const args = t.runtime === 'deno' ? ['eval', program] : ['--input-type=module', '--eval', program]
  const { fileURLToPath } = await import('node:url')
  const cwd = fileURLToPath(new URL('../..', import.meta.url))
  const added = await new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd }, (error, stdout) => (error ? reject(error) : resolve(stdout)))
  })
  assert.deepEqual(JSON.parse(added), [])
})

test('entries: init in a browser may be called again', {
  ours: true,
  only: ['chromium', 'firefox'],
  why: 'others need none',
}, async (t) => {
  await Promise.all([t.tls.init(), t.tls.init()])
  const peer = await t.peer()
  await event(t.connect(t.to(peer)), 'secureConnect')
})

test('entries: the alias of wrangler gives drivers in a Worker the one module', {
  ours: true,
  only: ['node-26'],
  why: 'it starts a workerd of its own',
}, async (t) => {
  const { readmeAlias, startWorker } = await import(new URL('../runners/wrangler.js', import.meta.url).href)
  const worker = await startWorker('worker.js', await readmeAlias())
  t.after(worker.stop)
  const peer = await t.peer({ behaviour: 'echo' })
  const { same, ...trusted } = await worker.ask({ ...t.to(peer), text: 'through a driver' })
  assert.deepEqual(same, [true, true, true])
  assert.deepEqual(trusted, { echo: 'through a driver', authorized: true, protocol: 'TLSv1.3' })
  const { code } = await worker.ask({ ...t.to(peer, { ca: undefined }), text: 'through a driver' })
  assert.equal(code, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
})
