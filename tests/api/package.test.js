// The package as npm makes it: what leads somewhere leads to what is in it.
import { assert, test } from '../harness.js'
import { load } from '../servers.js'

/** All strings in a value. */
const strings = (value) => (typeof value === 'string' ? [value] : Object.values(value).flatMap(strings))

test('package: entries, and links of the documents, are in it', { ours: true, only: ['node-26'], why: 'it asks npm' }, async () => {
  const [{ execFileSync }, { readFileSync }, { default: path }, { fileURLToPath }] = await Promise.all(
    ['node:child_process', 'node:fs', 'node:path', 'node:url'].map(load),
  )
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const options = { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }
  const [{ files }] = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], options))
  const packed = new Set(files.map((file) => file.path))
  const { exports, imports } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
  const led = strings([exports, imports]).map((place) => ['package.json', place])
  for (const document of [...packed].filter((name) => name.endsWith('.md'))) {
    for (const [, link] of readFileSync(path.join(root, document), 'utf8').matchAll(/\]\(([^)#]+)[^)]*\)/g)) {
      if (!/^[a-z]+:/.test(link)) led.push([document, link])
    }
  }
  const dangling = led.filter(([from, to]) => !packed.has(path.posix.join(path.posix.dirname(from), to)))
  assert.deepEqual(dangling, [])
  assert.isAbove(led.length, 40)
})
