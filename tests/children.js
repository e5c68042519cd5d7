// Child processes of the runtime under test, for what a process is told when it starts: only where there are processes.

/** @typedef {import('./harness.js').Trial} Trial */

/**
 * Run a program in a process of its own to its end.
 * @param {Trial} t
 * @param {string[]} args
 * @param {{ command?: string, environment?: Record<string, string> }} [options] the runtime itself unless there is a command; variables
 *   to add to its environment
 * @return {Promise<{ status: number | null, output: string, errors: string }>}
 */
export async function run(t, args, { command, environment = {} } = {}) {
  const { spawn } = await import('node:child_process')
  const { default: process } = await import('node:process')
  const { fileURLToPath } = await import('node:url')
  // The module under test is found from here.
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  const { NODE_OPTIONS: _, NODE_EXTRA_CA_CERTS: __, NODE_TLS_REJECT_UNAUTHORIZED: ___, ...inherited } = process.env
  const child = spawn(command ?? process.execPath, args, { cwd, env: { ...inherited, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] })
  t.after(() => child.kill('SIGKILL'))
  const told = { output: '', errors: '' }
  child.stdout.on('data', (chunk) => {
    told.output += chunk
  })
  child.stderr.on('data', (chunk) => {
    told.errors += chunk
  })
  const status = await new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  return { status, ...told }
}

/**
 * Run a few lines in which `tls` is the module under test and `given` is what the test gives them. What they return is the result.
 * @param {Trial} t
 * @param {(tls: any, given: any) => unknown} program a function of its own: it sees nothing of the test around it
 * @param {{ given?: any, flags?: string[], environment?: Record<string, string> }} [options] flags of the runtime
 * @return {Promise<{ result: any, errors: string, status: number | null, output: string }>}
 */
export async function evaluate(t, program, { given = null, flags = [], environment } = {}) {
  const source = `
    const { default: tls } = await import(${JSON.stringify(t.implementation)})
    const result = await (${program})(tls, ${JSON.stringify(given)})
    console.log(JSON.stringify({ result }))`
  const start = t.runtime === 'deno' ? ['eval', ...flags] : [...flags, '--input-type=module', '--eval']
  const told = await run(t, [...start, source], { environment })
  const line = told.output.trim().split('\n').at(-1) ?? ''
  try {
    return { ...told, ...JSON.parse(line) }
  } catch {
    throw new Error(`the child process ended with ${told.status} and no result: ${told.output}${told.errors}`)
  }
}

/** Write a file for a child process; gone when the test is over. */
export async function temporaryFile(t, contents) {
  const { mkdtemp, rm, writeFile } = await import('node:fs/promises')
  const { default: os } = await import('node:os')
  const { default: path } = await import('node:path')
  const folder = await mkdtemp(path.join(os.tmpdir(), 'isomorphic-tls-child-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const file = path.join(folder, 'file')
  if (contents !== undefined) await writeFile(file, contents)
  return file
}
