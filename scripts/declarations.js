// Makes the declarations for TypeScript, dist/declarations: of the code (its JSDoc), with those kept by hand (js/types).
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Plain, root, run } from './run.js'

const folder = path.join(root, 'dist/declarations')

/** The files that package.json names. */
const ENTRIES = [
  ...['types/index.d.ts', 'types/index.d.cts', 'types/transport.d.cts', 'types/wasm.d.ts', 'transport/index.d.ts', 'roots.d.ts'],
  'pg-cloudflare.d.ts',
]

/** Make dist/declarations. */
export async function makeDeclarations() {
  rmSync(folder, { recursive: true, force: true })
  await run(path.join(root, 'node_modules/.bin/tsc'), ['--project', path.join(root, 'tsconfig.declarations.json')], { quiet: true })
  cpSync(path.join(root, 'js/types'), path.join(folder, 'types'), { recursive: true })
  const wanted = reachable()
  for (const file of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const place = path.join(file.parentPath, file.name)
    if (file.isFile() && !wanted.has(place)) rmSync(place)
  }
}

/** The files that the entries lead to, made to stand on js/types/platform.d.ts in the place of Node's modules. */
function reachable() {
  /** @type {Set<string>} */
  const seen = new Set()
  const pending = ENTRIES.map((name) => path.join(folder, name))
  for (let file = pending.pop(); file; file = pending.pop()) {
    if (seen.has(file)) continue
    seen.add(file)
    pending.push(...standAlone(file))
  }
  return seen
}

/** Rewrite what a generated file imports. @return {string[]} the files that it leads to */
function standAlone(file) {
  const isByHand = path.dirname(file) === path.join(folder, 'types')
  const platform = path.relative(path.dirname(file), path.join(folder, 'types/platform.js')).replace(/^(?!\.)/, './')
  const text = readFileSync(file, 'utf8')
  const own = withProperties(text)
    .replaceAll("'#platform'", `'${platform}'`)
    .replaceAll(/(["'])node:stream\1/g, `'${platform}'`)
  if (!isByHand) {
    const foreign = /(?:from |import\()['"]([^.'"][^'"]*)/.exec(own)
    if (foreign) throw new Plain(`${path.relative(root, file)} stands on '${foreign[1]}', which not every program has`)
    writeFileSync(file, own)
  }
  return [...own.matchAll(/(?:from |import\()['"](\.[^'"]*)\.js/g)].map(([, name]) => path.join(path.dirname(file), `${name}.d.ts`))
}

/** Accessors as properties: what Node declares as a property may not be declared as an accessor by what extends it. */
const withProperties = (text) =>
  text.replaceAll(/^( +)get (\w+)\(\): (.*;)$/gm, '$1readonly $2: $3').replaceAll(/^(?: +\/\*\*.*\*\/\n)? +set \w+\(.*\n/gm, '')
