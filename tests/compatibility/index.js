// Every name of the reference documents, and whether it is here: docs/compatibility.md is made of it (scripts/compatibility.js), and
// tests/api/compatibility.test.js holds it against the code and the tests.
import { certificateRows } from './certificate.js'
import { contextRows, languageRows } from './context.js'
import { errorRows, ownErrorRows, verdictRows } from './errors.js'
import { legacyRows, moduleRows, oldShapeRows, pairRows, streamRows } from './module.js'
import { connectRows, createServerRows, socketOptionRows } from './options.js'
import { conceptRows, environmentRows } from './protocol.js'
import { inheritedServerRows, serverEventRows, serverRows } from './server.js'
import { inheritedRows, socketEventRows, socketRows } from './socket.js'

/**
 * @typedef {object} Section
 * @property {string} title
 * @property {'namespace' | 'socket' | 'server' | 'pair' | 'stream' | 'certificate' | 'code' | 'context' | 'connect' | 'createServer'} [of]
 * whose names the rows are, where that can be checked
 * @property {import('./rows.js').Row[]} rows
 */

/** @type {Section[]} */
export const sections = [
  { title: 'Module', of: 'namespace', rows: moduleRows },
  { title: 'Module: old names', of: 'namespace', rows: legacyRows },
  { title: 'Options of `tls.connect`', of: 'connect', rows: connectRows },
  { title: '`new tls.TLSSocket`, and its options', rows: socketOptionRows },
  { title: 'Options of `tls.createServer`', of: 'createServer', rows: createServerRows },
  { title: 'Options of `tls.createSecureContext`', of: 'context', rows: contextRows },
  { title: 'Lists of suites', rows: languageRows },
  { title: '`tls.TLSSocket`: events', rows: socketEventRows },
  { title: '`tls.TLSSocket`: methods and properties', of: 'socket', rows: socketRows },
  { title: '`tls.TLSSocket`: what it has of `net.Socket`', of: 'socket', rows: inheritedRows },
  { title: 'Certificate object', of: 'certificate', rows: certificateRows },
  { title: '`tls.Server`: events', rows: serverEventRows },
  { title: '`tls.Server`: methods and properties', of: 'server', rows: serverRows },
  { title: '`tls.Server`: what it has of `net.Server`', of: 'server', rows: inheritedServerRows },
  { title: '`tls.SecurePair`', of: 'pair', rows: pairRows },
  { title: '`tls.CryptoStream`', of: 'stream', rows: streamRows },
  { title: 'Old ways of calling', rows: oldShapeRows },
  { title: 'Concepts', rows: conceptRows },
  { title: 'Variables and flags of a process', rows: environmentRows },
  { title: 'Codes of verification', of: 'code', rows: verdictRows },
  { title: 'Codes of errors', of: 'code', rows: errorRows },
  { title: 'Codes of errors: ours', of: 'code', rows: ownErrorRows },
]
