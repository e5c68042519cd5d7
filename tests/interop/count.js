// Prints the size of the interop matrix, for the documents that cite it. `node tests/interop/count.js`
import { cells, count, IMPOSSIBLE, sample } from './matrix.js'

console.table(count())
console.log(`${cells.length} cells, of which a quick run has ${sample.size}. Not among them, as the stack cannot do it:`)
for (const { stack, why } of IMPOSSIBLE) console.log(`  ${stack}: ${why}`)
