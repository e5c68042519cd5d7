// Where and with what a result came about.
import os from 'node:os'
import { output } from '../scripts/run.js'
import { consoles } from '../tests/runners/index.js'

/** The version of each runtime that is started from the command line. */
function consoleVersions() {
  const versions = {}
  for (const [name, [command]] of Object.entries(consoles)) {
    const text = output(command, ['--version'])
    if (text) versions[name] = /\d+\.\d+\.\d+/.exec(text)?.[0] ?? text
  }
  return versions
}

/** @return {{ date: string, processor: string, cores: number, memory: string, system: string, versions: Record<string, string> }} */
export function describeMachine() {
  const [processor] = os.cpus()
  return {
    date: new Date().toISOString().slice(0, 10),
    processor: processor?.model.trim() ?? 'unknown',
    cores: os.cpus().length,
    memory: `${Math.round(os.totalmem() / 2 ** 30)} GiB`,
    system: `${os.type()} ${os.release()}`,
    versions: consoleVersions(),
  }
}
