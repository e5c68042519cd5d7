// A result as tables in Markdown.
import { cellName, figure, runtimeName } from './words.js'

const HEADINGS = {
  bulk: 'Bulk, MB/s',
  handshakes: 'Full handshakes/s',
  resumption: 'Resumed handshakes/s',
  echo: 'Round trips/s',
  seal: 'Records sealed, MB/s',
  open: 'Records opened, MB/s',
  operation: 'Operations/s',
  download: 'Download by a client, MB/s',
  dials: 'Full handshakes/s of a client',
  transfers: 'Transfers of a length, MB/s (flat: the cost of a byte does not grow)',
}

/** A table out of rows of cells; the first row is its head. */
function table(rows) {
  const [head, ...body] = rows
  const line = (cells) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, index) => (index ? '--:' : '---'))), ...body.map(line)].join('\n')
}

/** The median, with the least and the most. */
const spread = ({ median, minimum, maximum }) => `${figure(median)} (${figure(minimum)}-${figure(maximum)})`

/** A summary, or why there is none. */
function told(summary) {
  if (!summary) return '-'
  return summary.error ? `failed: ${summary.error.replaceAll('|', '/').split('\n')[0].slice(0, 120)}` : spread(summary)
}

/** The ratio both ways; bold where ours is as good or better. */
function both(ratio, lessIsBetter = false) {
  if (!ratio) return '-'
  const { median } = ratio
  const text = median >= 1 ? `${figure(median)}x` : `${figure(median)}x (1/${figure(1 / median)})`
  return (lessIsBetter ? median <= 1 : median >= 1) ? `**${text}**` : text
}

function* cellTables(runtime, cells) {
  for (const [kind, heading] of Object.entries(HEADINGS)) {
    const results = cells.filter(({ cell }) => cell.kind === kind)
    if (!results.length) continue
    const names = [...new Set(results.flatMap(({ contenders }) => Object.keys(contenders)))]
    const ratioKeys = [...new Set(results.flatMap(({ ratios }) => Object.keys(ratios)))]
    const ratioName = (key) => (ratioKeys.length === 1 ? 'ratio' : key.includes(' to ') ? key : `to ${key}`)
    const head = [heading, ...names.map((name) => (name === 'own' ? `${runtimeName(runtime)}'s own` : name)), ...ratioKeys.map(ratioName)]
    const rows = results.map(({ cell, contenders, ratios }) => [
      cellName(cell),
      ...names.map((name) => told(contenders[name])),
      ...ratioKeys.map((key) => both(ratios[key])),
    ])
    yield table([head, ...rows])
  }
}

function figuresTable(heading, { contenders, ratios }) {
  const names = Object.keys(contenders)
  const able = names.filter((name) => !contenders[name].error)
  const failed = names.filter((name) => contenders[name].error).map((name) => `${name} failed: ${contenders[name].error}`)
  if (!able.length) return failed.join('\n')
  const ratioOf = (key) => able.slice(1).map((name) => both(ratios[name]?.[key], true))
  const rows = Object.keys(contenders[able[0]]).map((key) => [key, ...able.map((name) => told(contenders[name][key])), ...ratioOf(key)])
  return [table([[heading, ...able, ...able.slice(1).map(() => 'ratio')], ...rows]), ...failed].join('\n\n')
}

function* runtimeTables(runtime, { cells = [], memory, start }) {
  yield* cellTables(runtime, cells)
  if (memory) yield figuresTable(`${figure(memory.count)} connections, each`, memory)
  if (start) {
    const ratios = Object.fromEntries(
      Object.entries(start.ratios).map(([name, ratio]) => [name, { 'to the first ClientHello, ms': ratio }]),
    )
    yield figuresTable('Cold start', { contenders: start.contenders, ratios })
    const compilation = Object.entries(start.compilation).map(([name, summary]) => [name, told(summary)])
    if (compilation.length) yield table([['To compile, ms', 'fresh process'], ...compilation])
  }
}

/** What the seconds are of a table of others' work. */
const SECONDS = { wall: '', processor: ", seconds of its processors' work" }

/** A row each contender: they are others from cell to cell. */
function* othersTables(results) {
  for (const [clock, seconds] of Object.entries(SECONDS)) {
    for (const [kind, heading] of Object.entries(HEADINGS)) {
      const shown = results.filter(({ cell }) => cell.kind === kind && (cell.clock ?? 'wall') === clock)
      if (shown.length) yield table([[`${heading}${seconds}`, 'median', 'ours to it'], ...shown.flatMap(contenderRows)])
    }
  }
}

const contenderRows = ({ contenders, ratios }) =>
  Object.entries(contenders).map(([name, summary]) => {
    const { protocol = '', cipher = '' } = summary.agreed ?? {}
    return [[name === 'own' ? "Node's own" : name, protocol, cipher].join(' '), told(summary), both(ratios[name])]
  })

function sizesTable(sizes) {
  const kilobytes = (bytes) => (bytes / 1000).toFixed(1)
  const rows = Object.entries(sizes).map(([name, { raw, gzip, brotli }]) => [name, ...[raw, gzip, brotli].map(kilobytes)])
  return table([['KB (1000 bytes)', 'raw', 'gzip', 'brotli'], ...rows])
}

/**
 * @param {any} result what `npm run bench` measured
 * @return {string} Markdown
 */
export function tables({ machine, options, runtimes, others, wisp, primitives, sizes, failed = {} }) {
  const versions = Object.entries(machine.versions).map(([name, version]) => `${runtimeName(name)}: ${version}`)
  const sections = [
    `${machine.date}, ${machine.processor}, ${machine.cores} cores, ${machine.system}. ${versions.join('; ')}.`,
    `Medians of ${options.rounds} rounds that alternate, with the least and the most; a ratio is ours to the other's, the median of those within a round.`,
  ]
  for (const [runtime, told] of Object.entries(runtimes)) {
    const parts = [...runtimeTables(runtime, told)]
    if (parts.length) sections.push(`### ${runtimeName(runtime)}`, ...parts)
  }
  if (others) sections.push('### Other implementations, on Node 26', ...othersTables(others))
  if (wisp) sections.push('### Other implementations, in Chromium over Wisp', ...othersTables(wisp))
  if (primitives) sections.push('### Primitives by themselves, on Node 26', ...cellTables('node-26', primitives))
  if (sizes) sections.push('### Sizes', sizesTable(sizes))
  const failures = Object.entries(failed).map(([name, error]) => `- ${name}: ${error.split('\n')[0]}`)
  if (failures.length) sections.push('### Not measured', failures.join('\n'))
  return sections.join('\n\n')
}
