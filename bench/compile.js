// The program of a compilation: how long a WebAssembly module takes, in a fresh process. The argument is its file. Prints milliseconds; null if
// the runtime does not understand it.
import { readFileSync } from 'node:fs'
import process from 'node:process'

const bytes = readFileSync(process.argv[2])
let compiled = null
try {
  const start = performance.now()
  new WebAssembly.Module(bytes)
  compiled = performance.now() - start
} catch (error) {
  if (!(error instanceof WebAssembly.CompileError)) throw error
}
console.log(JSON.stringify({ compiled }))
process.exit()
