// Measures the primitives in this process. The argument is a task in JSON; prints the results as JSON.
import { readFileSync } from 'node:fs'
import process from 'node:process'
import { instantiate } from '../../tests/primitives/load.js'
import { compare } from '../compare.js'
import { aeadCells, RELAXED } from './aead.js'
import { publicKeyCells } from './public-key.js'

const { files, rounds, seconds } = JSON.parse(process.argv[2])
const [plain, relaxed] = [files.plain, files.relaxed].map((file) => instantiate(readFileSync(file)))

/** A contender that runs an operation again and again. */
const contender = ([name, operation]) => ({
  name,
  alsoOurs: name === RELAXED,
  async measure(_cell, amount) {
    const start = performance.now()
    for (let done = 0; done < amount; done++) operation()
    return { milliseconds: performance.now() - start, amount }
  },
})

const results = []
for (const { cell, operations } of [...aeadCells(plain, relaxed), ...publicKeyCells(plain)]) {
  results.push(await compare(cell, Object.entries(operations).map(contender), { rounds, seconds }))
}
process.stdout.write(JSON.stringify(results))
