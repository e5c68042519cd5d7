// The kinds of work that are measured. All of it runs on every runtime, and on every module with the face of node:tls.
import { bulk } from './bulk.js'
import { dials, download } from './downloads.js'
import { echo } from './echo.js'
import { handshakes, resumption } from './handshakes.js'
import { transfers } from './transfers.js'

/**
 * @typedef {import('./connections.js').Setting & { kind: string, direction?: 'up' | 'down', writeSize?: number, size?: number,
 *   length?: number, name?: string, rounds?: number, essential?: boolean, clock?: 'wall' | 'processor' }} Cell
 *
 * @typedef {object} Job
 * @property {any} [tls]
 * @property {import('./connections.js').Platform} platform
 * @property {Cell} cell
 * @property {number} amount
 * @property {boolean} thorough whether every byte is looked at
 * @property {() => number} now milliseconds
 * @property {import('./dial.js').Dial} [dial] of what need not have the face of node:tls
 * @property {number} [port] of the server, when it is in another process
 *
 * @typedef {object} Measured
 * @property {number} milliseconds
 * @property {number} amount what was done, in the unit of the kind: bytes, handshakes, round trips, transfers
 * @property {{ protocol: string, cipher: string, group: string }} [agreed]
 */

/**
 * The kinds.
 * @type {Record<string, { run?: (job: Job) => Promise<Measured>, first: number, most: number, unit: string }>} `first` is the amount of
 *   the first try; of all units more is better
 */
export const work = {
  bulk: { run: bulk, first: 1 << 20, most: 256 << 20, unit: 'MB/s' },
  handshakes: { run: handshakes, first: 5, most: 5000, unit: 'handshakes/s' },
  resumption: { run: resumption, first: 5, most: 5000, unit: 'handshakes/s' },
  echo: { run: echo, first: 100, most: 200_000, unit: 'round trips/s' },
  download: { run: download, first: 1 << 20, most: 256 << 20, unit: 'MB/s' },
  dials: { run: dials, first: 5, most: 5000, unit: 'handshakes/s' },
  transfers: { run: transfers, first: 1, most: 100_000, unit: 'MB/s' },
  // Of primitives: see primitives/.
  seal: { first: 100, most: 1_000_000, unit: 'MB/s' },
  open: { first: 100, most: 1_000_000, unit: 'MB/s' },
  operation: { first: 5, most: 1_000_000, unit: 'operations/s' },
}
