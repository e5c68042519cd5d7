// A client's work against a server of another process, in the least words that every implementation knows: see dial.js.
import { random } from '../../tests/random.js'
import { SEED, Taker } from './bulk.js'

/** The server's writes. */
const WRITE_SIZE = 64 * 1024

/**
 * Measure a download of `amount` bytes over one connection, from the request until the last byte.
 * @param {import('./index.js').Job} job
 * @return {Promise<import('./index.js').Measured>} of bytes
 */
export async function download({ dial, platform, cell, amount, thorough, now, port }) {
  const whole = Math.max(1, Math.ceil(amount / WRITE_SIZE)) * WRITE_SIZE
  const identity = await platform.identity(cell.certificate ?? 'ecdsa-p256')
  const taker = new Taker(random(SEED, WRITE_SIZE), whole, thorough)
  const dialled = await dial({
    port,
    setting: cell,
    identity,
    onData: (bytes) => taker.take(bytes),
    onEnd: (error) => taker.end(error),
  })
  try {
    check(dialled, cell)
    const start = now()
    await dialled.write(new TextEncoder().encode(`${JSON.stringify({ writeSize: WRITE_SIZE, amount: whole })}\n`))
    await taker.done
    return { milliseconds: now() - start, amount: whole, agreed: dialled.agreed }
  } finally {
    dialled.close()
  }
}

/**
 * Measure full handshakes, one after another; the server is asked afterwards whether it has seen them all.
 * @param {import('./index.js').Job} job
 * @return {Promise<import('./index.js').Measured>} of handshakes
 */
export async function dials({ dial, platform, cell, amount, now, port }) {
  const identity = await platform.identity(cell.certificate ?? 'ecdsa-p256')
  const ignore = () => {}
  const wanted = { port, setting: cell, identity, onData: ignore, onEnd: ignore }
  let agreed
  const start = now()
  for (let done = 0; done < amount; done++) {
    const dialled = await dial(wanted)
    agreed = dialled.agreed
    check(dialled, cell)
    dialled.close()
  }
  return { milliseconds: now() - start, amount, agreed }
}

/**
 * Throw unless a connection is what the cell says; of implementations that know nothing of the rest the cell says nothing.
 * @param {import('./dial.js').Dialled} dialled
 * @param {import('./index.js').Cell} cell
 */
function check({ agreed }, { version, cipher }) {
  if (version && agreed.protocol !== version) throw new Error(`agreed on ${agreed.protocol}, not on ${version}`)
  if (cipher && agreed.cipher !== cipher) throw new Error(`agreed on ${agreed.cipher}, not on ${cipher}`)
}
