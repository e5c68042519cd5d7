// Builds pkg/ (the engine: wasm and its glue) and dist/ (the bundles that a runtime can not do without, and the declarations).
// `node scripts/build.js`
import { appendFileSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { createHash } from 'node:crypto'
import { output, Plain, root, run, say, script } from './run.js'
import { findClang, findLinker, readBuildFile, setup, tool } from './setup.js'
import { findRust } from './rust.js'
import { makeDeclarations } from './declarations.js'
import { writeNotices } from './notices.js'

const NAME = 'isomorphic_tls'

const ENGINES = [`${NAME}_bg.wasm`, `${NAME}_relaxed_bg.wasm`]

/** The custom section of an engine that says what it is. */
const SECTION = 'isomorphic-tls'

/** Folders and files that a build depends on. */
const INPUTS = [
  ...['src', 'js', 'Cargo.toml', 'Cargo.lock', 'wasm-pack.toml', 'package.json', 'tsconfig.json', 'tsconfig.declarations.json'],
  ...['scripts/build.js', 'scripts/declarations.js', 'scripts/notices.js', 'scripts/roots'],
]

/**
 * The cargo program and its environment for the wasm target: toolchain, features, and a C compiler if there is one.
 * @param {string[]} [more] wasm features besides those that every runtime has
 * @return {Promise<{cargo: string, target: string, env: NodeJS.ProcessEnv}>}
 */
export async function cargoEnvironment(more = []) {
  const { build, tools } = await readBuildFile()
  const rust = findRust(build.target)
  if (!rust) throw new Plain('the toolchain is not set up; run: node scripts/setup.js build')
  const suffix = build.target.replaceAll('-', '_')
  const flags = [...rust.flags, ...[...build['wasm-features'], ...more].map((feature) => `-Ctarget-feature=+${feature}`)]
  const env = { ...process.env, ...rust.environment, [`CARGO_TARGET_${suffix.toUpperCase()}_RUSTFLAGS`]: flags.join(' ') }
  // The engine is Rust alone; tests hold it against what is written in C.
  const clang = findClang(tools.clang)
  if (clang) Object.assign(env, { [`CC_${suffix}`]: clang.clang, [`AR_${suffix}`]: clang.archiver })
  const linker = rust.cargo === 'cargo' ? undefined : findLinker(tools.clang)
  if (linker) env[`CARGO_TARGET_${suffix.toUpperCase()}_LINKER`] = linker
  return { cargo: rust.cargo, target: build.target, env }
}

/** Both engines: pkg/ with its glue, which fits either, and the module for runtimes with more features beside. */
async function buildEngines() {
  const { build } = await readBuildFile()
  const pkg = path.join(root, build['out-dir'])
  const targets = process.env.CARGO_TARGET_DIR ?? path.join(root, 'target')
  say('compiling the engine to WebAssembly')
  rmSync(pkg, { recursive: true, force: true })
  await buildEngine(pkg, targets)
  say(`compiling it again, for runtimes with ${build['relaxed-features'].join(', ')}`)
  const beside = path.join(targets, 'relaxed')
  await buildEngine(path.join(beside, 'pkg'), beside, build['relaxed-features'])
  const [glue, other] = [pkg, path.join(beside, 'pkg')].map((folder) => readFileSync(path.join(folder, `${NAME}.js`), 'utf8'))
  if (glue !== other) throw new Plain('the two engines want different glue')
  copyFileSync(path.join(beside, 'pkg', `${NAME}_bg.wasm`), path.join(pkg, `${NAME}_relaxed_bg.wasm`))
  markEngines(pkg)
}

/** Tell the engines and their glue that they belong together, by the version and what is agreed on between them: see `load` in js/engine.js. */
function markEngines(pkg) {
  const glue = path.join(pkg, `${NAME}.js`)
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
  const mark = `${version} ${createHash('sha256').update(readFileSync(glue)).digest('hex').slice(0, 16)}`
  for (const name of ENGINES) appendFileSync(path.join(pkg, name), customSection(SECTION, mark))
  appendFileSync(glue, `\nexport const mark = '${mark}';\n`)
}

/** A custom section of a WebAssembly module (WebAssembly Core Specification, 5.5.3). */
function customSection(name, text) {
  const length = 1 + name.length + text.length
  if (length > 127) throw new Plain(`the section ${name} is longer than one byte tells`)
  return Buffer.from([0, length, name.length, ...Buffer.from(name + text)])
}

/** One engine: `folder` gets it, compiled in the folder `targets`. */
async function buildEngine(folder, targets, features = []) {
  const file = await readBuildFile()
  const { cargo, target, env } = await cargoEnvironment(features)
  await run(cargo, ['build', '--release', '--lib', '--target', target, '--target-dir', targets, '--quiet'], { env })
  const bindgen = tool('wasm-bindgen-cli', file.tools['wasm-bindgen'], 'wasm-bindgen')
  await run(bindgen, [
    path.join(targets, target, 'release', `${NAME}.wasm`),
    '--out-dir',
    folder,
    '--out-name',
    NAME,
    '--target',
    file.build['wasm-bindgen-target'],
    // The module is always brought by js/runtime: no default place to fetch it from.
    '--omit-default-module-path',
    // A trapped instance is replaced: see js/engine.js.
    '--experimental-reset-state-function',
  ])
  const wasm = path.join(folder, `${NAME}_bg.wasm`)
  await optimise(wasm, wasm)
}

/**
 * Have wasm-opt go over a module, as over the engine.
 * @param {string} from a file
 * @param {string} to a file
 * @param {string[]} [extra] options of wasm-opt
 */
export async function optimise(from, to, extra = []) {
  const { build } = await readBuildFile()
  await run(process.execPath, [
    path.join(root, 'node_modules/binaryen/bin/wasm-opt'),
    from,
    ...extra,
    ...build['wasm-opt'],
    '--enable-bulk-memory',
    '--enable-sign-ext',
    '--enable-mutable-globals',
    '--enable-nontrapping-float-to-int',
    '--enable-multivalue',
    '--enable-reference-types',
    '--enable-simd',
    '--enable-relaxed-simd',
    '-o',
    to,
  ])
}

/** The wasm file as a module of base64, for runtimes that can load nothing but JavaScript. */
function inlineEngine() {
  const bytes = readFileSync(path.join(root, 'pkg', `${NAME}_bg.wasm`))
  mkdirSync(path.join(root, 'dist'), { recursive: true })
  writeFileSync(path.join(root, 'dist/wasm-base64.js'), `// Generated by scripts/build.js\nexport default '${bytes.toString('base64')}'\n`)
}

/** The version of Mozilla's list that a package is made with: the two crates of it are released together. */
const rootsVersion = (file) => /^webpki-root(?:s|-certs) = "=(.*)"$/m.exec(readFileSync(path.join(root, file), 'utf8'))?.[1]

/** Mozilla's root certificates as a module of base64: see js/roots.js. */
async function writeRoots() {
  if (rootsVersion('Cargo.toml') !== rootsVersion('scripts/roots/Cargo.toml')) {
    throw new Plain('webpki-roots in Cargo.toml and webpki-root-certs in scripts/roots/Cargo.toml are of different versions')
  }
  const { cargo, env } = await cargoEnvironment()
  const folder = path.join(process.env.CARGO_TARGET_DIR ?? path.join(root, 'target'), 'roots')
  const args = ['--quiet', '--locked', '--release', '--manifest-path', 'scripts/roots/Cargo.toml', '--target-dir', folder]
  const printed = output(cargo, ['run', ...args], { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] })
  if (!printed) throw new Plain('the list of root certificates could not be made')
  const lines = printed.split('\n').map((digits) => `  '${Buffer.from(digits, 'hex').toString('base64')}',\n`)
  const head =
    '// Generated by scripts/build.js from webpki-root-certs: Mozilla’s list, under CDLA-Permissive-2.0 (cdla.dev/permissive-2-0).\n'
  writeFileSync(path.join(root, 'dist/roots.js'), `${head}export default [\n${lines.join('')}]\n`)
}

/** CommonJS for `require`, one file: Node, and Bun, whose `import` goes through it too, so that there is one module. */
async function bundleCommonJs() {
  const { build } = await import('esbuild')
  /** @type {import('esbuild').BuildOptions} */
  const common = { bundle: true, platform: 'node', target: 'node20', format: 'cjs', logLevel: 'warning' }
  await build({
    ...common,
    entryPoints: [path.join(root, 'js/runtime/node.js')],
    outfile: path.join(root, 'dist/runtime/node.cjs'),
    // `require` gives the namespace itself, as it gives node:tls.
    footer: { js: 'module.exports = module.exports.default;' },
    define: { 'import.meta.url': 'moduleUrl' },
    banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
  })
  // What the checker is to see of the bundle: its sources are checked where they are.
  writeFileSync(path.join(root, 'dist/runtime/node.d.cts'), "declare const tls: typeof import('../../js/index.js').default\nexport = tls\n")
  await build({ ...common, entryPoints: [path.join(root, 'js/transport/index.js')], outfile: path.join(root, 'dist/transport.cjs') })
}

/**
 * Sizes of an engine, in bytes: a user loads one.
 * @param {string} [name] its file in pkg/
 */
export function sizes(name = `${NAME}_bg.wasm`) {
  const bytes = readFileSync(path.join(root, 'pkg', name))
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }
  return { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotliCompressSync(bytes, quality).length }
}

async function checkBudget() {
  const { budget } = await readBuildFile()
  const kilobytes = (size) => `${Math.round(size / 1000)} KB`
  for (const name of ENGINES) {
    const { raw, gzip, brotli } = sizes(name)
    say(`pkg/${name}: ${kilobytes(raw)}, gzip ${kilobytes(gzip)}, brotli ${kilobytes(brotli)} of ${budget['wasm-brotli']} KB`)
    if (brotli > budget['wasm-brotli'] * 1000) throw new Plain('the engine is larger than its budget in wasm-pack.toml')
  }
}

/** A hash of everything that a build depends on. */
function fingerprint() {
  const hash = createHash('sha256')
  const files = output('git', ['ls-files', '-co', '--exclude-standard', ...INPUTS], { cwd: root })
  if (files === null) return null
  for (const name of files.split('\n').sort()) {
    const file = path.join(root, name)
    if (existsSync(file) && statSync(file).isFile()) hash.update(name).update(readFileSync(file))
  }
  return hash.digest('hex')
}

/** Build everything, if anything has changed since the last build. */
export async function build() {
  const mark = path.join(root, 'dist/built-from')
  const now = fingerprint()
  if (now !== null && existsSync(mark) && readFileSync(mark, 'utf8') === now) return
  await buildEngines()
  inlineEngine()
  await writeRoots()
  writeNotices(await cargoEnvironment())
  await bundleCommonJs()
  await makeDeclarations()
  await checkBudget()
  if (now !== null) writeFileSync(mark, now)
}

if (process.argv[1] && path.resolve(process.argv[1]) === path.join(root, 'scripts/build.js')) {
  script(async () => {
    await setup('build')
    await build()
  })
}
