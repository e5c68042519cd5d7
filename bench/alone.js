// Measures ours where there is no other: in workerd and in browsers.
import { cheapPair } from './work/pair.js'
import { compare } from './compare.js'
import { identitiesOf } from './identities.js'
import { work } from './work/index.js'

/**
 * Measure the cells of a task, and report each.
 * @param {object} context
 * @param {any} context.tls
 * @param {{ Duplex: any, Buffer: any }} context.platform
 * @param {string} context.host the URL of the host
 * @param {{ cells: any[], rounds: number, seconds: number }} context.task
 * @param {() => number} context.now milliseconds
 * @param {(value: any) => unknown} report
 */
export async function measureAll({ tls, platform, host, task, now }, report) {
  const whole = { ...platform, identity: identitiesOf(host) }
  const ours = {
    name: 'isomorphic-tls',
    measure: (cell, amount, thorough) => work[cell.kind].run({ tls, platform: whole, cell, amount, thorough, now }),
  }
  for (const cell of task.cells) await report({ result: await compare(cell, [ours], task) })
}

/**
 * Have a first ClientHello made.
 * @param {any} tls
 * @param {{ Duplex: any }} platform
 * @return {Promise<void>} resolves when it is there
 */
export async function firstClientHello(tls, platform) {
  const [near, far] = cheapPair(platform)
  const came = new Promise((resolve) => far.once('data', resolve))
  const client = tls.connect({ socket: near, servername: 'localhost' })
  client.on('error', () => {})
  const chunk = await came
  // A handshake record with a ClientHello.
  if (chunk[0] !== 22 || chunk[5] !== 1) throw new Error('the first bytes are no ClientHello')
  client.destroy()
}
