// Temporary folders of a run, gone when it ends however it ends.
import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'

/** @type {Set<string>} */
const folders = new Set()

process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/**
 * Make a temporary folder.
 * @param {string} what it is for; part of its name
 * @return {Promise<{ folder: string, remove: () => Promise<void> }>}
 */
export async function temporaryFolder(what) {
  const folder = await mkdtemp(path.join(os.tmpdir(), `isomorphic-tls-${what}-`))
  folders.add(folder)
  const remove = async () => {
    // A browser that was just ended may still be writing.
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    folders.delete(folder)
  }
  return { folder, remove }
}
