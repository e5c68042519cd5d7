// Other implementations in JavaScript, each on its own ground: a client that connects to a server of Node's own TLS in another process,
// and downloads from it. Ours and Node's own do the same in the same rounds.
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { npmPackages } from '../scripts/setup.js'
import { Agent, AgentContender } from './agents.js'
import { compare } from './compare.js'

const here = path.dirname(fileURLToPath(import.meta.url))

const RUNTIME = 'node-26'

const peer = (name) => pathToFileURL(path.join(here, 'peers', name)).href

const ALWAYS = [
  { name: 'isomorphic-tls', implementation: 'isomorphic-tls' },
  { name: 'own', implementation: 'node:tls' },
]

const RECLAIM = { name: '@reclaimprotocol/tls', implementation: peer('reclaim.js') }
const SUBTLS = { name: 'subtls', implementation: peer('subtls.js') }
const FORGE = { name: 'node-forge', implementation: peer('forge.js') }

/** What each can do: settings, and who knows them. */
const GROUNDS = [
  { setting: { version: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256', group: 'prime256v1' }, contenders: [RECLAIM, SUBTLS] },
  { setting: { version: 'TLSv1.3', cipher: 'TLS_CHACHA20_POLY1305_SHA256', group: 'X25519' }, contenders: [RECLAIM] },
  { setting: { legacy: true, certificate: 'self-signed', version: undefined }, contenders: [FORGE] },
]

/** Install the other implementations, unless they are there. */
export const installPeers = () => npmPackages(path.join(here, 'peers'), 'other implementations, for comparison')

/**
 * @param {import('../tests/peers/host.js').Host} host
 * @param {import('./options.js').Options} options
 * @return {Promise<import('./compare.js').Result[]>}
 */
export async function compareOthers(host, options) {
  await installPeers()
  const server = new Agent(RUNTIME, 'node:tls', host)
  const results = []
  try {
    for (const { setting, contenders } of GROUNDS) {
      const able = [...ALWAYS, ...contenders].map(({ name, implementation }) => {
        return new AgentContender(name, () => new Agent(RUNTIME, implementation, host), server)
      })
      try {
        for (const clock of ['wall', 'processor']) {
          for (const kind of ['download', 'dials']) {
            results.push(await compare({ kind, clock, carrier: 'processes', ...setting }, able, options))
          }
        }
      } finally {
        await Promise.all(able.map((contender) => contender.stop()))
      }
    }
  } finally {
    await server.stop()
  }
  return results
}
