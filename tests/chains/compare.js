// Differences between our verdicts and OpenSSL's, for a look by hand:
//
//   node tests/chains/compare.js [--seed 1] [--random 100] [--share 1] [--filter text] [--module path] [--write folder] [--counts]
//
// `--share 10` takes one in ten of the systematic chains; `--filter` those whose name has a text; `--module` is the bundle of another
// build (its dist/runtime/node.cjs); `--write` keeps the certificates of chains that differ without a reason. `--counts` asks about the
// chains of a full run, and writes counts.json, of which docs/compatibility.md tells (scripts/compatibility.js).
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { pathToFileURL } from 'node:url'
import { chains } from './cases.js'
import { compare, lineOf } from './differences.js'
import { judge } from './judge.js'
import { askAll, SELECTIONS } from './judged.js'
import { writeFiles } from './references.js'

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    random: { type: 'string', default: '100' },
    share: { type: 'string', default: '1' },
    filter: { type: 'string', default: '' },
    module: { type: 'string' },
    write: { type: 'string' },
    counts: { type: 'boolean', default: false },
  },
})

const { default: tls } = await import(options.module ? pathToFileURL(path.resolve(options.module)).href : 'isomorphic-tls')
const given = { seed: Number(options.seed), random: Number(options.random), share: Number(options.share) }
const made = chains(options.counts ? SELECTIONS.full : given)
const judged = await askAll(made.filter(({ name }) => name.includes(options.filter)))
const verdicts = new Map(judged.map((chain) => [chain, judge(tls, Buffer, chain)]))
const { counts, unexplained, reasons } = compare(judged, (chain) => verdicts.get(chain))

for (const line of unexplained.sort()) console.log(line)
console.log('\n## reasons')
for (const { why, count } of reasons) console.log(`${String(count).padStart(5)} ${why}`)
console.log(`\n${JSON.stringify(counts)}`)

if (options.counts) {
  const file = new URL('counts.json', import.meta.url)
  await writeFile(
    file,
    `${JSON.stringify({ ...counts, reasons: Object.fromEntries(reasons.map(({ why, count }) => [why, count])) }, null, 2)}\n`,
  )
}

if (options.write) {
  await mkdir(options.write, { recursive: true })
  for (const [index, chain] of judged.entries()) {
    const line = lineOf(chain, verdicts.get(chain))
    if (!unexplained.some((told) => told.endsWith(line))) continue
    const stem = path.join(options.write, String(index))
    await writeFile(`${stem}.txt`, `${line}\nopenssl ${(await writeFiles(stem, chain)).join(' ')}\n`)
  }
}
process.exitCode = unexplained.length ? 1 : 0
