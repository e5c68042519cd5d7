// A transfer of many bytes over one connection.
import { random } from '../../tests/random.js'
import { Connections } from './connections.js'

/** Of the pattern that is sent again and again. */
export const SEED = 7

/** Takes the bytes of a transfer, and sees that they are those that were sent. */
export class Taker {
  #pattern
  #amount
  #thorough
  #count = 0
  #resolve = (_value) => {}
  #reject = (_error) => {}

  /**
   * @param {Uint8Array} pattern
   * @param {number} amount
   * @param {boolean} thorough whether every byte is looked at; else the first and the last of each chunk (which costs every
   *   implementation the same)
   */
  constructor(pattern, amount, thorough) {
    this.#pattern = pattern
    this.#amount = amount
    this.#thorough = thorough
    /** Resolves at the last byte. @type {Promise<undefined>} */
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    this.done.catch(() => {})
  }

  /** @param {Uint8Array} chunk */
  take(chunk) {
    if (this.#isWrong(chunk)) return this.#reject(new Error(`other bytes came than were sent, after ${this.#count}`))
    this.#count += chunk.length
    if (this.#count > this.#amount) this.#reject(new Error('more bytes came than were sent'))
    else if (this.#count === this.#amount) this.#resolve(undefined)
  }

  #isWrong(chunk) {
    const last = chunk.length - 1
    if (last < 0) return false
    if (this.#thorough) return firstWrong(chunk, this.#pattern, this.#count) >= 0
    return chunk[0] !== this.#at(0) || chunk[last] !== this.#at(last)
  }

  /** What is to come, at a place after what has come. */
  #at(place) {
    return this.#pattern[(this.#count + place) % this.#pattern.length]
  }

  /**
   * No more will come.
   * @param {Error} [error]
   */
  end(error) {
    this.#reject(error ?? new Error(`closed after ${this.#count} of ${this.#amount} bytes`))
  }
}

/**
 * Take all bytes of a transfer off a socket: see Taker.
 * @param {any} socket
 * @param {Uint8Array} pattern
 * @param {number} amount
 * @param {boolean} thorough
 * @return {Promise<void>}
 */
export async function receive(socket, pattern, amount, thorough) {
  const taker = new Taker(pattern, amount, thorough)
  const take = (chunk) => taker.take(chunk)
  const closed = () => taker.end()
  socket.on('data', take)
  socket.once('close', closed)
  try {
    await taker.done
  } finally {
    socket.off('data', take)
    socket.off('close', closed)
  }
}

function firstWrong(chunk, pattern, offset) {
  for (let at = 0; at < chunk.length; at++) if (chunk[at] !== pattern[(offset + at) % pattern.length]) return at
  return -1
}

/**
 * Write a transfer, never ahead of the reader.
 * @param {any} socket
 * @param {Uint8Array} pattern one write
 * @param {number} amount a multiple of its length
 * @return {Promise<void>} resolves when all was written
 */
export function send(socket, pattern, amount) {
  let written = 0
  return new Promise((resolve) => {
    const goOn = () => {
      while (written < amount) {
        written += pattern.length
        if (!socket.write(pattern)) return socket.once('drain', goOn)
      }
      resolve()
    }
    goOn()
  })
}

/**
 * Measure a transfer.
 * @param {import('./index.js').Job} job `cell.writeSize` bytes a write, `cell.direction`
 * @return {Promise<import('./index.js').Measured>} of bytes
 */
export async function bulk({ tls, platform, cell, amount, thorough, now, port }) {
  const connections = await Connections.open(tls, platform, cell, port)
  try {
    const { client, server } = await connections.connect()
    const agreed = connections.check(client)
    const pattern = platform.Buffer.from(random(SEED, cell.writeSize))
    const whole = Math.max(1, Math.ceil(amount / pattern.length)) * pattern.length
    // The first records, tickets among them, are not of the transfer.
    await settle(client, server, platform)
    const start = now()
    if (port) await across(client, pattern, whole, { cell, thorough, platform })
    else {
      const [from, to] = cell.direction === 'up' ? [client, server] : [server, client]
      const received = receive(to, pattern, whole, thorough)
      send(from, pattern, whole)
      await received
    }
    const milliseconds = now() - start
    client.destroy()
    server?.destroy()
    return { milliseconds, amount: whole, agreed }
  } finally {
    connections.close()
  }
}

/** A byte there and back: what is left of a handshake is over, and both ends flow. */
async function settle(client, server, { Buffer }) {
  if (!server) return
  const one = Buffer.from([1])
  const there = new Promise((resolve) => server.once('data', resolve))
  client.write(one)
  await there
  const back = new Promise((resolve) => client.once('data', resolve))
  server.write(one)
  await back
}

/**
 * A transfer with a server in another process, which is told the length of a write, the amount and the thoroughness first.
 * When it has taken all of it, it says so with a byte.
 */
async function across(client, pattern, amount, { cell, thorough, platform }) {
  const head = platform.Buffer.from(`${JSON.stringify({ writeSize: pattern.length, amount, thorough })}\n`)
  if (cell.direction === 'down') {
    const received = receive(client, pattern, amount, thorough)
    client.write(head)
    return received
  }
  const taken = new Promise((resolve, reject) => {
    client.once('data', resolve)
    client.once('close', () => reject(new Error('the server closed the connection')))
  })
  client.write(head)
  send(client, pattern, amount)
  await taken
}

/** What a server in another process does with a connection of `across`. */
export const behaviours = {
  async take(socket, platform) {
    const { head, rest } = await readHead(socket)
    const pattern = platform.Buffer.from(random(SEED, head.writeSize))
    if (rest.length) socket.unshift(rest)
    const received = receive(socket, pattern, head.amount, head.thorough)
    socket.resume()
    await received
    socket.write('!')
  },
  async give(socket, platform) {
    const { head } = await readHead(socket)
    send(socket, platform.Buffer.from(random(SEED, head.writeSize)), head.amount)
  },
  /** One request of HTTP/1.1, whose path is the length of the body. */
  async answer(socket, platform) {
    // As servers of HTTP do.
    socket.setNoDelay(true)
    const { line } = await readLine(socket, '\r\n\r\n')
    const amount = Number(/^GET \/(\d+) /.exec(line)?.[1])
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${amount}\r\nConnection: close\r\n\r\n`)
    const pattern = platform.Buffer.from(random(SEED, 64 * 1024))
    const rest = amount % pattern.length
    await send(socket, pattern, amount - rest)
    // The client closes: a tunnel may lose what it has not delivered when a server does.
    socket.write(pattern.subarray(0, rest))
    socket.on('end', () => socket.end()).resume()
  },
  async echo(socket) {
    socket.on('data', (chunk) => socket.write(chunk))
  },
}

/** @return {Promise<{ head: any, rest: any }>} */
async function readHead(socket) {
  const { line, rest } = await readLine(socket, '\n')
  return { head: JSON.parse(line), rest }
}

/** Read up to an end, which does not cross chunks; the socket is paused then. */
function readLine(socket, end) {
  return new Promise((resolve) => {
    let text = ''
    const take = (chunk) => {
      const place = chunk.indexOf(end)
      text += chunk.toString('latin1', 0, place < 0 ? chunk.length : place)
      if (place < 0) return
      socket.off('data', take)
      socket.pause()
      resolve({ line: text, rest: chunk.subarray(place + end.length) })
    }
    socket.on('data', take)
  })
}
