// A result as the documents have it: docs/performance.json, docs/performance.svg, and the tables of docs/performance.md.
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Plain, root, say } from '../scripts/run.js'
import { chart } from './chart.js'
import { tables } from './tables.js'

const BEGIN = '<!-- figures: written by `npm run bench -- --write` -->'
const END = '<!-- end of figures -->'

const inDocs = (name) => path.join(root, 'docs', name)

/** @param {any} result */
export async function publish(result) {
  const text = await readFile(inDocs('performance.md'), 'utf8')
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)]
  if (begin < 0 || end < begin) throw new Plain('docs/performance.md has no place for figures')
  const figures = `\n\n![Bars of some of the figures below](performance.svg)\n\n${tables(result)}\n\n`
  await writeFile(inDocs('performance.md'), text.slice(0, begin + BEGIN.length) + figures + text.slice(end))
  await writeFile(inDocs('performance.json'), `${JSON.stringify(result, null, 1)}\n`)
  await writeFile(inDocs('performance.svg'), chart(result))
  say('docs/performance.md, docs/performance.json and docs/performance.svg are written')
}
