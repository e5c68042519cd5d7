// Sets up what the build, the demo and the tests need: says what it does, does nothing that is done already, and where it
// can not, says what to install. `node scripts/setup.js [bench|build|demo|fuzz|test]`
import { existsSync, mkdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { cache, output, Plain, root, run, say, script } from './run.js'

/** What each purpose needs, in the order in which it is set up. */
const NEEDS = {
  build: ['packages', 'rust', 'wasm-bindgen'],
  demo: ['packages', 'runtimes', 'rust', 'wasm-bindgen', 'openssl', 'chromium'],
  bench: ['packages', 'runtimes', 'rust', 'clang', 'wasm-bindgen', 'openssl', 'chromium', 'firefox'],
  fuzz: ['packages', 'rust', 'c++'],
  test: [
    ...['packages', 'runtimes', 'rust', 'clang', 'wasm-bindgen', 'openssl', 'gnutls', 'nss', 'postgres', 'mariadb', 'redis'],
    ...['chromium', 'firefox', 'chromedriver', 'geckodriver'],
  ],
}

/** What `wasm-pack.toml` states. Readable once the npm packages are there. */
export async function readBuildFile() {
  const { parse } = await import('smol-toml')
  return /** @type {any} */ (parse(await readFile(path.join(root, 'wasm-pack.toml'), 'utf8')))
}

/** Whether npm has nothing to install in a folder: npm's own record of what it installed is what the lock file says. */
async function installed(folder) {
  try {
    const lock = JSON.parse(await readFile(path.join(folder, 'package-lock.json'), 'utf8')).packages
    const record = JSON.parse(await readFile(path.join(folder, 'node_modules/.package-lock.json'), 'utf8')).packages
    return Object.entries(lock).every(([name, { version, optional }]) => !name || optional || record[name]?.version === version)
  } catch {
    return false
  }
}

/** Install what a folder's package.json and lock file say, unless it is there. */
export async function npmPackages(folder, what) {
  if (await installed(folder)) return
  say(`installing ${what} with npm`)
  // Not `npm ci`: it refuses a lock file that was written where the packages of other platforms could not be seen.
  await run('npm', ['install', '--no-save', '--no-audit', '--no-fund'], { cwd: folder, quiet: true })
}

let aptUpdated = false

/** Whether this is a Debian-like machine on which we may install packages. */
const canApt = () => process.getuid?.() === 0 && output('apt-get', ['--version']) !== null

/**
 * Install Debian packages, or say what is missing.
 * @param {string} what for people
 * @param {string[][]} choices package lists; the first that the machine's package lists know is taken
 */
async function apt(what, choices) {
  if (!canApt())
    throw new Plain(`${what} is missing. Install it (on Debian, as root: apt-get install ${choices[0].join(' ')}) and run this again.`)
  if (!aptUpdated) {
    say('refreshing the lists of Debian packages (apt-get update)')
    await run('apt-get', ['update'], { quiet: true })
    aptUpdated = true
  }
  const names = choices.find((list) => list.every((name) => output('apt-cache', ['show', name]) !== null))
  if (!names)
    throw new Plain(`${what} is missing, and this machine's package lists have none of: ${choices.map((c) => c.join(' ')).join('; ')}`)
  say(`installing ${what} with apt-get (${names.join(' ')})`)
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await run('apt-get', ['install', '-y', '--no-install-recommends', ...names], { quiet: true, env: environment })
}

/** The first of some programs that is there. */
const which = (...names) => names.find((name) => output(name, ['--version']) !== null)

/** Whether a program is there that knows no --version. */
const isInPath = (name) => (process.env.PATH ?? '').split(path.delimiter).some((folder) => existsSync(path.join(folder, name)))

/** The names of a program of LLVM, the newest versions first. */
const versionsOf = (name, lowest) => [name, ...Array.from({ length: 60 - lowest }, (_, index) => `${name}-${60 - 1 - index}`)]

/** A clang that compiles for wasm32 and the archiver of the same version. */
export function findClang(lowest) {
  const clang = versionsOf('clang', lowest).find((name) => output(name, ['--print-targets'])?.includes('wasm32'))
  if (!clang) return null
  const archiver = which(clang.replace('clang', 'llvm-ar'), 'llvm-ar')
  return archiver ? { clang, archiver } : null
}

/** A linker for wasm32, which Debian's Rust does not bring. */
export const findLinker = (lowest) => which(...versionsOf('wasm-ld', lowest))

/** Where `cargo install` puts a tool of the cache. */
const toolFolder = (name, version) => path.join(cache, `${name}-${version}`)

/** The path of a program that `setup` installed with cargo. */
export const tool = (name, version, program = name) => path.join(toolFolder(name, version), 'bin', program)

async function cargoInstall(crate, version, program = crate) {
  if (existsSync(tool(crate, version, program))) return
  const { cargo, environment } = await rustToolchain()
  say(`building ${crate} ${version} with cargo install (some minutes, once)`)
  const install = ['install', crate, '--version', version, '--root', toolFolder(crate, version)]
  const options = { cwd: cache, env: { ...process.env, ...environment } }
  mkdirSync(cache, { recursive: true })
  // A mirror of crates.io may not have the newest versions that the tool's own lock file names.
  if (output(cargo, [...install, '--locked'], options) === null) await run(cargo, install, { ...options, quiet: true })
}

/** The Rust toolchain that `setup` has found or made: see scripts/rust.js. */
async function rustToolchain() {
  const { findRust } = await import('./rust.js')
  const rust = findRust((await readBuildFile()).build.target)
  if (!rust) throw new Plain('the Rust toolchain is not set up; run: node scripts/setup.js build')
  return rust
}

/** @type {Record<string, () => Promise<void>>} */
const steps = {
  packages: () => npmPackages(root, 'the npm packages of the project'),
  runtimes: () => npmPackages(path.join(root, 'tests/runtimes'), 'the JavaScript runtimes (Node 20, Node 26, Deno, Bun, workerd)'),
  async rust() {
    const { findRust, addRustTarget } = await import('./rust.js')
    const { target } = (await readBuildFile()).build
    if (!findRust(target)) await addRustTarget(target, apt, canApt)
  },
  async clang() {
    const lowest = (await readBuildFile()).tools.clang
    if (findClang(lowest)) return
    const numbered = [22, 19, 16].map((version) => [`clang-${version}`, `llvm-${version}`, `lld-${version}`])
    await apt('a C compiler for wasm32 (clang, llvm)', [...numbered, ['clang', 'llvm', 'lld']])
  },
  async 'c++'() {
    if (!which('c++')) await apt('a C++ compiler', [['g++']])
  },
  async 'wasm-bindgen'() {
    await cargoInstall('wasm-bindgen-cli', (await readBuildFile()).tools['wasm-bindgen'], 'wasm-bindgen')
  },
  async geckodriver() {
    await cargoInstall('geckodriver', (await readBuildFile()).tools.geckodriver)
  },
  async openssl() {
    if (output('openssl', ['version']) === null) await apt('OpenSSL', [['openssl']])
  },
  async gnutls() {
    if (!which('gnutls-serv')) await apt('GnuTLS', [['gnutls-bin']])
  },
  async nss() {
    if (!['certutil', 'pk12util', 'selfserv', 'tstclnt'].every(isInPath)) await apt('NSS', [['libnss3-tools']])
  },
  async postgres() {
    const { findPostgres } = await import('../tests/peers/postgres.js')
    if (!findPostgres()) await apt('PostgreSQL', [['postgresql']])
  },
  async mariadb() {
    const { findMariadb } = await import('../tests/peers/mariadb.js')
    if (!findMariadb()) await apt('MariaDB', [['mariadb-server-core', 'mariadb-client-core']])
  },
  async redis() {
    if (!isInPath('redis-server')) await apt('Redis', [['redis-server']])
  },
  async chromium() {
    if (!which('chromium', 'google-chrome')) await apt('Chromium', [['chromium']])
  },
  async chromedriver() {
    if (!which('chromedriver')) await apt('ChromeDriver', [['chromium-driver']])
  },
  async firefox() {
    if (!which('firefox-esr', 'firefox')) await apt('Firefox', [['firefox-esr']])
  },
}

/**
 * Set up everything for a purpose.
 * @param {keyof typeof NEEDS} purpose
 */
export async function setup(purpose) {
  const [major] = process.versions.node.split('.').map(Number)
  if (major < 20) throw new Plain(`Node 20 or later is needed; this is ${process.version}`)
  for (const step of NEEDS[purpose]) await steps[step]()
}

if (process.argv[1] && path.resolve(process.argv[1]) === path.join(root, 'scripts/setup.js')) {
  script(async () => {
    const purpose = process.argv[2] ?? 'test'
    if (!(purpose in NEEDS)) throw new Plain(`usage: node scripts/setup.js [${Object.keys(NEEDS).join('|')}]`)
    await setup(/** @type {keyof typeof NEEDS} */ (purpose))
    say(`ready for: ${purpose}`)
  })
}
