// The program of a compilation: how long a WebAssembly module takes, in a fresh process. The argument is its file. Prints milliseconds.
import { readFileSync } from 'node:fs'
import process from 'node:process'

const bytes = readFileSync(process.argv[2])
const start = performance.now()
new WebAssembly.Module(bytes)
console.log(JSON.stringify({ compiled: performance.now() - start }))
process.exit()
