// Whose work the engine is made of: writes dist/THIRD-PARTY.md, with the licences that ask to be told along with it.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { output, Plain, root } from './run.js'

/** Of a choice of licences, the first of these that there is a text of is taken. */
const PREFERRED = ['LICENSE-MIT', 'LICENSE-ISC', 'LICENSE-BSD']

/**
 * Write it.
 * @param {{ cargo: string, target: string, env: NodeJS.ProcessEnv }} toolchain
 */
export function writeNotices({ cargo, target, env }) {
  const packages = packagesOf(
    ask(cargo, ['tree', '--edges', 'normal,no-proc-macro', '--target', target, '--prefix', 'none', '--format', '{p}'], env),
  )
  const { packages: known } = JSON.parse(ask(cargo, ['metadata', '--format-version', '1', '--filter-platform', target], env))
  /** Texts, and what they are of. @type {Map<string, string[]>} */
  const texts = new Map()
  const list = packages.map(({ name, version }) => {
    const { license, manifest_path } = known.find((one) => one.name === name && one.version === version)
    const text = licenceOf(path.dirname(manifest_path))
    if (!text && !license.includes('Apache-2.0')) throw new Plain(`${name} has no text of its licence (${license})`)
    texts.set(text, [...(texts.get(text) ?? []), name])
    return `- ${name} ${version}: ${license}\n`
  })
  const sections = [...texts].map(
    ([text, names]) => `## ${names.join(', ')}\n\n${text ? `\`\`\`\n${text}\n\`\`\`` : 'See LICENSE-APACHE.'}\n`,
  )
  mkdirSync(path.join(root, 'dist'), { recursive: true })
  writeFileSync(path.join(root, 'dist/THIRD-PARTY.md'), `# What the engine is made of\n\n${list.join('')}\n${sections.join('\n')}`)
}

/** A command's output. @return {string} */
function ask(cargo, args, env) {
  const printed = output(cargo, [...args, '--locked'], { cwd: root, env, maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'inherit'] })
  if (!printed) throw new Plain(`'cargo ${args[0]}' does not tell what the engine depends on`)
  return printed
}

/** The packages that cargo's tree names, ours left out, in the order of their names. */
function packagesOf(tree) {
  const lines = [...new Set(tree.split('\n'))].filter((line) => !line.includes('isomorphic-tls'))
  const found = lines.map((line) => /^(\S+) v(\S+)/.exec(line)).filter((match) => match !== null)
  const packages = new Map(found.map(([whole, name, version]) => [whole, { name, version }]))
  return [...packages.values()].sort((one, other) => (one.name < other.name ? -1 : 1))
}

/** The text of a package's licence; empty where it has none of its own, as Apache's is the same for all. */
function licenceOf(folder) {
  const files = readdirSync(folder).filter((name) => /^(LICENSE|LICENCE|COPYING)/i.test(name) && !/APACHE/i.test(name))
  const file = PREFERRED.find((name) => files.includes(name)) ?? files[0]
  return file ? readFileSync(path.join(folder, file), 'utf8').trim() : ''
}
