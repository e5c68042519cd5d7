// Checks the declarations (dist/declarations): the programs of tests/types, and those of the README, compile where they should and
// fail where they should; and every name of the namespace is declared. `node scripts/types.js`
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Plain, root, run, say, script } from './run.js'

const tests = path.join(root, 'tests/types')

/** Where the README's programs are written to: beside the declarations, so that they are in the package. */
const readme = path.join(root, 'dist/readme')

const compile = (project) => run(path.join(root, 'node_modules/.bin/tsc'), ['--project', project], { quiet: true })

/** What the README's programs are compiled for, by the words before them. */
const PLACES = {
  '**Node, Bun**': { extends: 'node-26', compilerOptions: {} },
  // TypeScript's own declarations of the web have no ReadableStream.from.
  '**Cloudflare Workers**': { extends: 'node-26', compilerOptions: { noImplicitAny: false } },
  '**Browsers**': { extends: 'browser', compilerOptions: {} },
}

/** The programs of the README compile, each for its place; those for Node with `require`, too. */
async function readmePrograms() {
  const text = readFileSync(path.join(root, 'README.md'), 'utf8')
  rmSync(readme, { recursive: true, force: true })
  for (const [index, [words, place]] of Object.entries(PLACES).entries()) {
    const program = /```js\n(.*?)```/s.exec(text.slice(text.indexOf(words)))?.[1]
    if (!text.includes(words) || !program) throw new Plain(`the README has no program for ${words}`)
    const folder = path.join(readme, String(index))
    mkdirSync(folder, { recursive: true })
    const files = place.extends === 'browser' ? { 'module.js': program } : { 'module.mjs': program, 'common.cjs': asCommonJs(program) }
    for (const [name, content] of Object.entries(files)) writeFileSync(path.join(folder, name), content)
    const compilerOptions = { ...place.compilerOptions, allowJs: true, checkJs: true }
    const project = { extends: path.join(tests, `tsconfig.${place.extends}.json`), compilerOptions, files: Object.keys(files) }
    writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(project))
    await compile(folder)
  }
}

const asCommonJs = (program) =>
  program.replaceAll(/^import (.*) from ('.*?').*$/gm, (_, names, from) => `const ${names} = require(${from})`)

/** What the namespace has at run time is declared: the namespace's type is kept by hand. */
async function names() {
  const { default: tls } = await import('isomorphic-tls')
  const declared = readFileSync(path.join(root, 'js/types/index.d.ts'), 'utf8')
  const face = /export interface Tls \{\n(.*?)^\}/ms.exec(declared)?.[1] ?? ''
  const written = new Set([...face.matchAll(/^ {2}(?:readonly )?(\w+)[?:(<]/gm)].map(([, name]) => name))
  const present = Object.getOwnPropertyNames(tls)
  const missing = present.filter((name) => !written.has(name))
  const extra = [...written].filter((name) => !present.includes(name))
  if (missing.length + extra.length > 0) {
    throw new Plain(
      `js/types/index.d.ts does not declare: ${missing.join(', ') || 'nothing'}; declares too much: ${extra.join(', ') || 'nothing'}`,
    )
  }
}

/** @type {[string, () => Promise<unknown>][]} */
const CHECKS = [
  ...['node-22', 'node-24', 'node-26', 'browser', 'plain'].map(
    (name) => /** @type {[string, () => Promise<unknown>]} */ ([name, () => compile(path.join(tests, `tsconfig.${name}.json`))]),
  ),
  ['the programs of the README', readmePrograms],
  ['the names of the namespace', names],
]

/**
 * Run all checks, also after one has failed.
 * @return {Promise<{ passed: number, failed: string[] }>} how many passed, and which did not
 */
export async function checkTypes() {
  const result = { passed: 0, failed: /** @type {string[]} */ ([]) }
  for (const [name, check] of CHECKS) {
    try {
      await check()
      result.passed++
    } catch (error) {
      say(`types, ${name}: ${error.message}`)
      result.failed.push(name)
    }
  }
  return result
}

if (process.argv[1] && path.resolve(process.argv[1]) === path.join(root, 'scripts/types.js')) {
  script(async () => {
    const { passed, failed } = await checkTypes()
    say(`${passed} checks passed${failed.length ? `, failed: ${failed.join(', ')}` : ''}`)
    if (failed.length) process.exitCode = 1
  })
}
