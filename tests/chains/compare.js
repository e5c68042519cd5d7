// Differences between our verdicts and OpenSSL's, for a look by hand:
//
//   node tests/chains/compare.js [--seed 1] [--random 100] [--share 1] [--filter text] [--module path] [--write folder] [--all]
//
// `--share 10` takes one in ten of the systematic chains; `--filter` those whose name has a text; `--module` is the bundle of another
// build (its dist/runtime/node.cjs); `--write` keeps the certificates of chains that differ. Exits with 1 if we trust a chain that
// OpenSSL does not.
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { pathToFileURL } from 'node:url'
import { chains } from './cases.js'
import { judge } from './judge.js'
import { askNode, askOpenssl, writeFiles } from './references.js'

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    random: { type: 'string', default: '100' },
    share: { type: 'string', default: '1' },
    filter: { type: 'string', default: '' },
    module: { type: 'string' },
    write: { type: 'string' },
    all: { type: 'boolean', default: false },
  },
})

const { default: tls } = await import(options.module ? pathToFileURL(path.resolve(options.module)).href : 'isomorphic-tls')
const made = chains({ seed: Number(options.seed), random: Number(options.random), share: Number(options.share) })
const asked = made.filter(({ name }) => name.includes(options.filter))
const [node26, node20, openssl] = await Promise.all([askNode('node-26', asked), askNode('node-20', asked), askOpenssl(asked)])

const text = (said) => ('problem' in said ? `(${said.problem})` : (said.name ?? said.code ?? 'ok'))
const counts = { chains: asked.length, trusted: 0, accepted: 0, refused: 0, code: 0 }
const lines = { accepted: [], refused: [], code: [] }
for (const [index, chain] of asked.entries()) {
  const ours = judge(tls, Buffer, chain)
  const all = [node26[index], node20[index], openssl[index]]
  const said = all.filter((one) => 'code' in one)
  if (ours === null) counts.trusted++
  const kind = kindOf(ours, all)
  const line = `${chain.name}: ours ${ours ?? 'ok'}, node-26 ${text(all[0])}, node-20 ${text(all[1])}, openssl ${text(all[2])}`
  if (options.all) console.log(line)
  if (!kind || said.length === 0) continue
  counts[kind]++
  lines[kind].push(line)
  if (options.write) {
    const folder = path.join(options.write, kind)
    await mkdir(folder, { recursive: true })
    const stem = path.join(folder, String(index))
    await writeFile(`${stem}.txt`, `${line}\nopenssl ${(await writeFiles(stem, chain)).join(' ')}\n`)
  }
}

/** What the difference is, if there is one: we alone accept, we alone refuse, or the newest Node has another code. */
function kindOf(ours, all) {
  const [newest] = all
  const refused = all.some((said) => 'code' in said && said.code !== null)
  const reference = 'code' in newest ? newest : all[2]
  if (ours === null) return refused ? 'accepted' : null
  if (reference.code === null) return 'refused'
  return 'code' in newest && newest.code !== ours && newest.name !== ours ? 'code' : null
}

for (const [kind, title] of /** @type {const} */ ([
  ['code', 'refused with another code than in Node 26'],
  ['refused', 'refused, though OpenSSL trusts it'],
  ['accepted', 'TRUSTED, though OpenSSL refuses it'],
])) {
  console.log(`\n## ${title}: ${counts[kind]}`)
  for (const line of lines[kind]) console.log(line)
}
console.log(`\n${JSON.stringify(counts)}`)
process.exitCode = counts.accepted ? 1 : 0
