// The option sessionSealingKey: sessions that only who has the key can use.
import { join } from '../connections.js'
import { assert, event, test } from '../harness.js'

const OURS = { ours: true }

/** A session of a connection of these options, and the server that made it. */
async function sessionOf(t, options) {
  const server = await t.server({ maxVersion: options.maxVersion })
  const { client, socket } = await join(t, server, options)
  socket.write('x')
  const [session] = options.maxVersion === 'TLSv1.2' ? [client.getSession()] : await event(client, 'session')
  return { server, session }
}

for (const maxVersion of /** @type {const} */ (['TLSv1.2', 'TLSv1.3'])) {
  test(`sessions: sealed with a key, they resume with that key alone, ${maxVersion}`, OURS, async (t) => {
    const sessionSealingKey = t.random(1, 32)
    const { server, session } = await sessionOf(t, { maxVersion, sessionSealingKey })
    const resumes = async (key) => (await join(t, server, { session, sessionSealingKey: key })).client.isSessionReused()
    assert.isTrue(await resumes(sessionSealingKey))
    assert.isFalse(await resumes(t.random(2, 32)))
    assert.isFalse(await resumes(undefined))
  })

  test(`sessions: sealed with a key, they do not show what is in them, ${maxVersion}`, OURS, async (t) => {
    const { session: open } = await sessionOf(t, { maxVersion })
    const { session: sealed } = await sessionOf(t, { maxVersion, sessionSealingKey: t.random(1, 32) })
    assert.include(open.toString('latin1'), 'localhost')
    assert.notInclude(sealed.toString('latin1'), 'localhost')
  })
}

test('sessions: sealed with what is no key', OURS, (t) => {
  for (const sessionSealingKey of ['x', t.random(1, 31), t.random(1, 33), {}, 5]) {
    assert.throws(() => t.connect({ port: 1, sessionSealingKey }), /sessionSealingKey.*32 bytes/)
  }
})
