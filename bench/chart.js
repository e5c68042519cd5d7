// A result as a chart: bars beside bars, in a drawing that is read on light and on dark.
import { cellName, figure, runtimeName } from './words.js'

/**
 * @typedef {object} Row
 * @property {string} label
 * @property {{ name: string, value: number }[]} bars the first is ours
 *
 * @typedef {object} Panel
 * @property {string} title
 * @property {Row[]} rows
 */

const WIDTH = 840
const MARGIN = 16
const LABELS = 300
const BAR = 12
const GAP = 3
/** Between rows, and around titles. */
const SPACE = 10
const TITLE = 22
/** What is left at the end of the longest bar, for its words. */
const WORDS = 170

const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #3d3c39 }
  .title { font-weight: 600; fill: #0b0b0b }
  .value { font-size: 11px }
  .ours { fill: #2a78d6 }
  .other { fill: #b4b2ab }
  .paper { fill: #fcfcfb }
  @media (prefers-color-scheme: dark) {
    text { fill: #c3c2b7 }
    .title { fill: #ffffff }
    .ours { fill: #3987e5 }
    .other { fill: #6b6a65 }
    .paper { fill: #1a1a19 }
  }`

const inXml = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/** Lines of a panel from a height on, and the height where they end. */
function drawPanel({ title, rows }, top) {
  const lines = [`<text class="title" x="${MARGIN}" y="${top + 14}">${inXml(title)}</text>`]
  const most = Math.max(...rows.flatMap(({ bars }) => bars.map(({ value }) => value)))
  const scale = (WIDTH - 2 * MARGIN - LABELS - WORDS) / most
  const left = MARGIN + LABELS
  let y = top + TITLE
  for (const { label, bars } of rows) {
    const height = bars.length * (BAR + GAP) - GAP
    lines.push(`<text text-anchor="end" x="${left - 8}" y="${y + height / 2 + 4}">${inXml(label)}</text>`)
    for (const [index, { name, value }] of bars.entries()) {
      const width = Math.max(1, value * scale)
      lines.push(
        `<rect class="${index ? 'other' : 'ours'}" x="${left}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" rx="2"/>`,
        `<text class="value" x="${(left + width + 6).toFixed(1)}" y="${y + BAR - 2}">${figure(value)} ${inXml(name)}</text>`,
      )
      y += BAR + GAP
    }
    y += SPACE - GAP
  }
  return { lines, bottom: y + SPACE }
}

/** @param {Panel[]} panels */
function draw(panels) {
  const lines = []
  let y = MARGIN
  for (const panel of panels) {
    const { lines: more, bottom } = drawPanel(panel, y)
    lines.push(...more)
    y = bottom
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y}" viewBox="0 0 ${WIDTH} ${y}" role="img">`,
    `<title>${panels.map(({ title }) => inXml(title)).join('; ')}</title>`,
    `<style>${STYLE}\n</style>`,
    `<rect class="paper" width="${WIDTH}" height="${y}"/>`,
    ...lines,
    '</svg>\n',
  ].join('\n')
}

/** The bars of a measured cell; who failed has none. */
const barsOf = (contenders, own) =>
  Object.entries(contenders)
    .filter(([, { error }]) => !error)
    .map(([name, { median }]) => ({ name: name === 'own' ? own : name, value: median }))

/** What of a runtime's cells the chart shows. */
const SHOWN = {
  bulk: ({ direction, writeSize, carrier }) => direction === 'down' && writeSize === 64 * 1024 && carrier !== 'tcp',
  handshakes: ({ carrier }) => carrier === 'memory',
}

const TITLES = { bulk: 'bulk, MB/s', handshakes: 'full handshakes/s', resumption: 'resumed handshakes/s', echo: 'round trips/s' }

function* runtimePanels(runtime, { cells = [], memory }) {
  const own = `${runtimeName(runtime)}'s own`
  for (const [kind, title] of Object.entries(TITLES)) {
    const shown = cells.filter(({ cell }) => cell.kind === kind && (SHOWN[kind]?.(cell) ?? true))
    const rows = shown.map(({ cell, contenders }) => ({ label: shorten(cellName(cell)), bars: barsOf(contenders, own) }))
    yield { title: `${runtimeName(runtime)}: ${title}`, rows: rows.filter(({ bars }) => bars.length) }
  }
  if (!memory) return
  const figureName = 'both sides, resident, KB'
  const able = Object.entries(memory.contenders).filter(([, { error }]) => !error)
  const bars = able.map(([name, told]) => ({ name: name === 'own' ? own : name, value: told[figureName].median }))
  const title = `${runtimeName(runtime)}: memory of an idle connection, both sides, KB, at ${figure(memory.count)}`
  yield { title, rows: [{ label: 'resident', bars }] }
}

/** Without what is the same in most rows. */
const shorten = (name) =>
  name.replace(', TLS 1.3', '').replace(', in memory', '').replace(', 64 KiB writes', '').replace(', to the client', '')

function* otherPanels(title, results = []) {
  for (const [kind, unit] of [
    ['download', 'download, MB/s'],
    ['dials', 'full handshakes/s'],
  ]) {
    const rows = results
      .filter(({ cell }) => cell.kind === kind && cell.clock !== 'processor')
      .map(({ cell, contenders }) => ({ label: cellName(cell), bars: barsOf(contenders, "Node's own") }))
    yield { title: `${title}: ${unit}`, rows: rows.filter(({ bars }) => bars.length) }
  }
}

/** The runtimes of the chart: it is not the whole table. */
const CHARTED = ['node-26', 'deno', 'bun']

/**
 * @param {any} result what `npm run bench` measured
 * @return {string} SVG
 */
export function chart({ runtimes, others, wisp }) {
  const panels = [
    ...CHARTED.filter((runtime) => runtime in runtimes).flatMap((runtime) => [...runtimePanels(runtime, runtimes[runtime])]),
    ...otherPanels('Clients in JavaScript on Node 26', others),
    ...otherPanels('Clients in Chromium, over Wisp', wisp),
  ]
  return draw(panels.filter(({ rows }) => rows.length))
}
