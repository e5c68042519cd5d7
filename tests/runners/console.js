// Runs the tests inside Node, Deno or Bun. The argument is a job in JSON; each result is a line of JSON.
import { Buffer } from 'node:buffer'
import net from 'node:net'
import process from 'node:process'
import { Duplex } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { WebSocket as WebSocketOfNpm } from 'ws'
import { runAll, uncaught } from '../harness.js'

const { files, implementation, ...job } = JSON.parse(process.argv[2])
const print = (value) => process.stdout.write(`${JSON.stringify(value)}\n`)

process.on('uncaughtException', uncaught)
process.on('unhandledRejection', uncaught)

const { default: tls } = await import(implementation)
const transport = implementation === 'isomorphic-tls' ? await import('isomorphic-tls/transport') : null
for (const file of files) await import(pathToFileURL(file).href)
// Node 20 has no WebSocket of its own.
const platform = { Duplex, Buffer, net, WebSocket: globalThis.WebSocket ?? WebSocketOfNpm }
print({ done: await runAll({ ...job, implementation, tls, transport, platform }, print) })
process.exit()
