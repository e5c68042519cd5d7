// docs/compatibility.md, held against the module, against Node's, and against the tests that it names.
import { assert, registered, test } from '../harness.js'

const CHECKOUT = { ours: true, only: ['node-20', 'node-26'], why: 'it reads the checkout, and compares with node:tls' }

/** A module of the checkout, which bundles leave alone. */
const load = (name) => import(new URL(name, import.meta.url).href)

async function readText(name) {
  const { readFile } = await import('node:fs/promises')
  return readFile(new URL(name, import.meta.url), 'utf8')
}

const sections = async () => (await load('../compatibility/index.js')).sections

const rowsOf = async (subject) => (await sections()).filter(({ of }) => of === subject).flatMap(({ rows }) => rows)

/** The names that a row is about: what is in code, without what it is of and without parameters. */
const namesOf = ({ name }) =>
  [...name.matchAll(/`([^`]+)`/g)].map(([, code]) =>
    code.replace(/\(.*$/s, '').replace(/^(tls|tlsSocket|socket|server|securePair|cryptoStream)\./, ''),
  )

/** Own names that are meant for users. */
const publicNames = (object) => Object.getOwnPropertyNames(object).filter((name) => !name.startsWith('_') && name !== 'constructor')

/** The type of a property, without asking an accessor that wants more than a prototype. */
function typeOf(object, name) {
  try {
    return typeof object[name]
  } catch {
    return 'undefined'
  }
}

test('compatibility: docs/compatibility.md is what its rows make', CHECKOUT, async () => {
  const { compatibilityText } = await load('../../scripts/compatibility.js')
  const text = await readText('../../docs/compatibility.md')
  assert.isTrue(text === compatibilityText(), 'run: node scripts/compatibility.js')
})

test('compatibility: each row is whole, and there once', CHECKOUT, async () => {
  for (const { title, rows } of await sections()) {
    const seen = new Set()
    for (const { name, since, status, note, tests } of rows) {
      const place = `${title}: ${name}`
      assert.notInclude([...seen], name, title)
      seen.add(name)
      assert.match(since, /^(ours|-|26|(0\.8)?( ?0\.10)?( ?23\.5)?)$/, place)
      assert.include(['works', 'differs', 'refused', 'missing'], status, place)
      if (status !== 'works' && status !== 'missing') assert.isNotEmpty(note, `${place}: why`)
      if (status === 'works' || status === 'refused') assert.isNotEmpty(tests, `${place}: a test`)
    }
  }
})

test('compatibility: the tests that rows name exist', CHECKOUT, async () => {
  const names = registered()
  const vain = []
  for (const { title, rows } of await sections()) {
    for (const { name, tests } of rows) {
      for (const wanted of tests) {
        const [, file, rust] = /^(\w+\.rs): (\w+)$/.exec(wanted) ?? []
        const isThere = file
          ? (await readText(`../engine/${file}`)).includes(`fn ${rust}()`)
          : names.some((other) => other.startsWith(wanted))
        if (!isThere) vain.push(`${title}: ${name}: ${wanted}`)
      }
    }
  }
  assert.deepEqual(vain, [], vain.join('; '))
})

/** The objects whose names rows have: ours, and Node's where it has one. */
async function subjects(t) {
  const { default: node } = await import('node:tls')
  const net = await import('node:net')
  const { Duplex } = await import('node:stream')
  const of = (tls) => {
    const pair = tls.createSecurePair?.(tls.createSecureContext())
    pair?.cleartext.on('error', () => {})
    return {
      namespace: tls,
      socket: t.track(new tls.TLSSocket(new Duplex({ read() {} }))),
      server: tls.createServer(),
      pair,
      stream: pair?.encrypted,
    }
  }
  return { ours: of(t.tls), theirs: { ...of(node), pair: undefined, stream: undefined }, node, net }
}

test('compatibility: what works is there, and of the same type as in Node; what is missing is not', CHECKOUT, async (t) => {
  const { ours, theirs } = await subjects(t)
  const wrong = []
  for (const subject of Object.keys(ours)) {
    for (const row of await rowsOf(subject)) {
      for (const name of namesOf(row)) {
        if (!/^\w+$/.test(name) || name.startsWith('import') || name === 'require') continue
        const type = typeOf(ours[subject], name)
        if (row.status === 'missing') {
          if (type !== 'undefined') wrong.push(`${subject}: ${name} is not missing any more`)
          continue
        }
        const ownType = theirs[subject] ? typeOf(theirs[subject], name) : 'undefined'
        const isMethod = row.name.includes(`${name}(`)
        // A later Node has it; or it is there once it is set, as in Node.
        if (!(name in ours[subject]) && (row.since === '26' || name === 'maxConnections')) continue
        if (!(name in ours[subject])) wrong.push(`${subject}: ${name} is not there`)
        else if (isMethod && type !== 'function') wrong.push(`${subject}: ${name} is no function but ${type}`)
        else if (ownType !== 'undefined' && type !== 'undefined' && ownType !== type) {
          wrong.push(`${subject}: ${name} is ${type}, in Node ${ownType}`)
        }
      }
    }
  }
  assert.deepEqual(wrong, [], wrong.join('; '))
})

test('compatibility: what Node has is listed', CHECKOUT, async (t) => {
  const { ours, node, net } = await subjects(t)
  const listed = async (subject) => new Set((await rowsOf(subject)).flatMap(namesOf))
  const expected = {
    namespace: [...publicNames(node), ...publicNames(t.tls)],
    socket: [node.TLSSocket, net.Socket, t.tls.TLSSocket].flatMap((Class) => publicNames(Class.prototype)),
    server: [node.Server, net.Server].flatMap((Class) => publicNames(Class.prototype)),
    pair: publicNames(Object.getPrototypeOf(ours.pair)),
  }
  const old = (await sections()).find(({ title }) => title === 'Old ways of calling').rows.flatMap(namesOf)
  for (const [subject, names] of Object.entries(expected)) {
    const known = await listed(subject)
    const missing = names.filter((name) => !known.has(name) && !old.some((other) => other.endsWith(`.${name}`)))
    assert.deepEqual(missing, [], subject)
  }
  const options = new Set([...(await listed('context')), ...(await listed('createServer'))])
  // A server shows those of its options that are no net.Server's.
  const shown = publicNames(new node.Server()).filter((name) => !(name in net.createServer()))
  assert.isAbove(shown.length, 20)
  assert.deepEqual(
    shown.filter((name) => !options.has(name)),
    [],
  )
})

test('compatibility: refused options are refused by name', CHECKOUT, async (t) => {
  const { tls } = t
  const rows = [...(await rowsOf('context')), ...(await rowsOf('createServer')), ...(await rowsOf('connect'))]
  const refused = rows.filter(({ status }) => status === 'refused')
  assert.isNotEmpty(refused)
  for (const row of refused) {
    const [name] = namesOf(row)
    const options = { [name]: row.value, key: undefined, port: 1 }
    for (const create of [tls.createSecureContext, tls.createServer, tls.connect]) {
      const error = thrownBy(() => create(options))
      assert.equal(error?.code, row.code, `${name} of ${create.name}`)
      // What Node says of engines has no name in it.
      if (row.code !== 'ERR_CRYPTO_CUSTOM_ENGINE_NOT_SUPPORTED') assert.include(error.message, `"${name}"`)
    }
  }
})

test('compatibility: fields of certificates', CHECKOUT, async (t) => {
  const listed = (await rowsOf('certificate')).flatMap(namesOf)
  const present = new Set()
  for (const certificate of ['curious', 'ecdsa-p256']) {
    const { key, chain } = await t.certificate(certificate)
    const { client } = await t.pair({ key, cert: chain })
    const shown = client.getPeerCertificate(true)
    for (const name of Object.keys(shown)) if (shown[name] !== undefined) present.add(name)
  }
  assert.sameMembers([...present], listed)
})

test('compatibility: codes that work are made somewhere', CHECKOUT, async () => {
  const sources = await Promise.all(['../../js/errors.js', '../../src/trust/verdict.rs'].map(readText))
  const [errors] = sources
  const all = sources.join()
  const rows = await rowsOf('code')
  const codes = (row) => [...row.name.matchAll(/`([A-Z][A-Z\d_]+)`/g)].map(([, code]) => code)
  for (const row of rows) {
    for (const code of codes(row)) {
      if (row.status === 'works') assert.include(all, code)
      if (row.status === 'missing') assert.notInclude(all, code, 'it is not missing any more')
    }
  }
  // And those of the table are in a row.
  const listed = rows.flatMap(codes)
  const table = /const TABLE = \{(.*?)\n\}/s.exec(errors)?.[1] ?? ''
  const made = [...table.matchAll(/^ {2}([A-Z\d_]+):/gm)].map(([, code]) => code).filter((code) => !INTERNAL.includes(code))
  assert.isAbove(made.length, 30)
  assert.deepEqual(
    made.filter((code) => !listed.includes(code)),
    [],
  )
})

/** Codes that are of no interest but to those who break Node's own assertions. */
const INTERNAL = ['ERR_INTERNAL_ASSERTION', 'ERR_TLS_INVALID_CONTEXT']

function thrownBy(run) {
  try {
    run()
    return null
  } catch (error) {
    return error
  }
}
