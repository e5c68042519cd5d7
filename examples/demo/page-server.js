// Serves the page of examples/page, with servers for it to try.
import { copyFile, readdir } from 'node:fs/promises'
import path from 'node:path'
import { root } from '../../scripts/run.js'
import { startHost } from './host.js'
import { bundleExample, temporaryFolder } from './runtimes.js'
import { startServers } from './servers.js'
import { formatTarget } from './target.js'

const SOURCE = path.join(root, 'examples/page')

/**
 * @param {number} port 0 for any that is free
 * @return {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function startPage(port) {
  const { folder, remove } = temporaryFolder()
  const files = (await readdir(SOURCE)).filter((name) => !name.endsWith('.js'))
  await Promise.all(files.map((name) => copyFile(path.join(SOURCE, name), path.join(folder, name))))
  await bundleExample(folder, 'page/page.js', { platform: 'browser', minify: true })
  const servers = await startServers()
  const addresses = Object.entries(servers.ports).map(([role, number]) => [role, formatTarget({ host: 'localhost', port: number })])
  const demo = { ca: servers.ca, ...Object.fromEntries(addresses) }
  try {
    // It is the person's own machine: the tunnel leads wherever the person likes.
    const host = await startHost({ folder, port, allows: () => true, routes: { '/demo.json': () => demo } })
    const close = async () => {
      await Promise.all([host.close(), servers.close()])
      remove()
    }
    return { url: host.url, close }
  } catch (error) {
    await servers.close()
    remove()
    throw error
  }
}
