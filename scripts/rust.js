// A Rust toolchain that compiles for wasm32. Preferred: rustup's own target. Where rustup can not download (an offline or
// mirrored Debian): Debian's compiler, with the standard library built once from Debian's source into a sysroot of the cache.
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { cache, output, Plain, run, say } from './run.js'

/** Debian's compiler builds the newest std it has the source of: both are of one version. */
const DEBIAN_PACKAGES = ['rustc-web', 'cargo-web', 'rust-web-src', 'libstd-rust-web-dev', 'rust-web-clippy', 'rustfmt-web', 'lld-22']

/**
 * @typedef {object} Rust
 * @property {string} cargo the program
 * @property {Record<string, string>} environment what cargo needs in its environment to use this toolchain
 * @property {string[]} flags what rustc needs for the wasm target
 */

const hasStd = (folder) => existsSync(folder) && readdirSync(folder).some((name) => /^libstd-.*\.rlib$/.test(name))

const rustlib = (sysroot, target) => path.join(sysroot, 'lib/rustlib', target, 'lib')

/** @return {Rust | null} cargo and rustc of the PATH, if they have the target */
function ownRust(target) {
  const sysroot = output('rustc', ['--print', 'sysroot'])
  if (sysroot === null || output('cargo', ['--version']) === null || !hasStd(rustlib(sysroot, target))) return null
  return { cargo: 'cargo', environment: {}, flags: [] }
}

function debianSysroot() {
  const version = output('/usr/bin/rustc', ['--version'])?.split(' ')[1]
  return version ? path.join(cache, `debian-sysroot-${version}`) : null
}

/** @return {Rust | null} Debian's compiler with the sysroot that `buildDebianStd` made */
function debianRust(target) {
  const sysroot = debianSysroot()
  if (!sysroot || !hasStd(rustlib(sysroot, target))) return null
  return {
    cargo: '/usr/bin/cargo',
    // The other tools of the toolchain (clippy, rustdoc) are looked for beside rustc.
    environment: { RUSTC: '/usr/bin/rustc', RUSTDOC: '/usr/bin/rustdoc', PATH: `/usr/bin:${process.env.PATH}` },
    flags: [`--sysroot=${sysroot}`],
  }
}

/**
 * The toolchain to use, or null when none is set up.
 * @param {string} target
 */
export const findRust = (target) => (process.env.ISOMORPHIC_TLS_RUST === 'debian' ? null : ownRust(target)) ?? debianRust(target)

async function buildDebianStd(target) {
  const sysroot = debianSysroot()
  if (!sysroot) throw new Plain('/usr/bin/rustc is missing although its package was installed')
  say(`building Rust's standard library for ${target} from Debian's source (two minutes, once)`)
  const scratch = path.join(cache, 'std-build')
  rmSync(scratch, { recursive: true, force: true })
  mkdirSync(path.join(scratch, 'src'), { recursive: true })
  writeFileSync(
    path.join(scratch, 'Cargo.toml'),
    '[package]\nname = "scratch"\nversion = "0.0.0"\nedition = "2021"\n[profile.release]\nopt-level = 3\n',
  )
  writeFileSync(path.join(scratch, 'src/lib.rs'), '')
  // Bitcode, or link-time optimisation fails; `test`, or `cargo test` for wasm cannot link.
  await run('/usr/bin/cargo', ['build', '-Z', 'build-std=std,panic_abort,test', '--release', '--target', target], {
    cwd: scratch,
    quiet: true,
    env: {
      ...process.env,
      RUSTC: '/usr/bin/rustc',
      RUSTC_BOOTSTRAP: '1',
      RUSTFLAGS: '-Cembed-bitcode=yes',
      CARGO_TARGET_DIR: path.join(scratch, 'target'),
    },
  })
  const libraries = rustlib(sysroot, target)
  const built = path.join(scratch, 'target', target, 'release/deps')
  mkdirSync(libraries, { recursive: true })
  for (const name of readdirSync(built)) {
    if (name.endsWith('.rlib') && !name.startsWith('libscratch')) cpSync(path.join(built, name), path.join(libraries, name))
  }
  rmSync(scratch, { recursive: true, force: true })
}

/**
 * Make a toolchain with the target.
 * @param {string} target
 * @param {(what: string, choices: string[][]) => Promise<void>} apt
 * @param {() => boolean} canApt
 */
export async function addRustTarget(target, apt, canApt) {
  if (process.env.ISOMORPHIC_TLS_RUST !== 'debian' && output('rustup', ['--version']) !== null) {
    say(`adding the Rust target ${target} with rustup`)
    if (output('rustup', ['target', 'add', target]) !== null && ownRust(target)) return
    say('rustup could not download it')
  }
  if (!canApt()) {
    throw new Plain(
      `Rust with the target ${target} is missing. Install rustup (rustup.rs), then run: rustup target add ${target}\n` +
        `Or, on Debian as root: apt-get install ${DEBIAN_PACKAGES.join(' ')}, and run this again.`,
    )
  }
  await apt("Debian's Rust compiler", [DEBIAN_PACKAGES])
  await buildDebianStd(target)
}
