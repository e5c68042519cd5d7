// Makes docs/compatibility.md of tests/compatibility. `node scripts/compatibility.js`
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { REASONS } from '../tests/chains/differences.js'
import { sections } from '../tests/compatibility/index.js'
import { root, say, script } from './run.js'

const HEAD = `<!-- Made by scripts/compatibility.js of tests/compatibility: change that. -->
# Compatibility with Node's \`tls\`

Every name of Node's documentation of v23.5, and of v0.8 and v0.10. **works**: as in Node. **differs**: works, with the difference
named. **refused**: can not be, and says so: by name where it is an option. **missing**: not built yet. The second column tells which of
the documents names it: \`26\` is a later Node, \`-\` none of them, \`ours\` what Node has not. The last tells the tests that show it, or
what their names begin with; they also pass against \`node:tls\` itself, but for those of what is ours (\`npm test -- --only
node-20,node-26 --implementation node:tls\`).

TypeScript's declarations are those of \`@types/node\` where a program has them: \`tests/types/namespace.mts\` has our namespace in the place
of Node's, with several versions of these.
`

const FOOT = `
## The order of events

Node completes the handshake and judges the server then: a server may see \`'secureConnection'\` although the client rejects it. Here the
judgement comes first, and the server gets an alert instead. So \`checkServerIdentity\` is asked before the server has shown, by its
signature, that the certificate is its own; if it has not, the connection fails after that, and \`authorized\` is false.

## Listeners of a given socket

When a handshake starts over a given \`net.Socket\`, its listeners for \`'data'\` are taken away, and its encoding: in Node they hear
nothing from then on (\`robustness: STARTTLS\`, \`robustness: a given socket is cleared\`).
`

const KINDS = { refused: 'refused here', code: 'another code' }

/** How verdicts differ from OpenSSL's, with the figures of the last count. */
function verdicts() {
  const counted = JSON.parse(readFileSync(path.join(root, 'tests/chains/counts.json'), 'utf8'))
  const lines = REASONS.map(
    ({ why, kinds }) => `| ${cell(why)} | ${kinds.map((kind) => KINDS[kind]).join(', ')} | ${counted.reasons[why]} |`,
  )
  return `
## Verdicts on chains

\`tests/chains\` makes certificate chains by combining properties of certificates, and by mutating good ones; Node 26 (OpenSSL 3.5), Node
20 and the command of OpenSSL 3.0 judge each of them, and so do we. At the last count: ${counted.chains} chains, of which ${counted.trusted} are trusted
here; none of these is refused by any of the three. ${counted.refused} that OpenSSL trusts are refused here, ${counted.code} are refused with another
code. A difference without one of these reasons fails the tests (\`chains: nobody is trusted\`):

| reason | what differs | chains |
|---|---|---|
${lines.join('\n')}
`
}

const cell = (text) => text.replaceAll('|', '\\|')

const quoted = (names) => names.map((name) => `\`${name}\``).join(', ')

/** The text of docs/compatibility.md. */
export function compatibilityText() {
  const tables = sections.map(({ title, rows }) => {
    const lines = rows.map(
      ({ name, since, status, note, tests }) => `| ${cell(name)} | ${since} | ${status} | ${cell(note)} | ${cell(quoted(tests))} |`,
    )
    return `\n## ${title}\n\n| name | documents | | why | tests |\n|---|---|---|---|---|\n${lines.join('\n')}\n`
  })
  const all = sections.flatMap(({ rows }) => rows)
  const count = (wanted) => all.filter(({ status }) => status === wanted).length
  const counts = ['works', 'differs', 'refused', 'missing'].map((status) => `${count(status)} ${status}`).join(', ')
  return `${HEAD}\n${all.length} rows: ${counts}.\n${tables.join('')}${verdicts()}${FOOT}`
}

if (process.argv[1] && path.resolve(process.argv[1]) === path.join(root, 'scripts/compatibility.js')) {
  script(async () => {
    writeFileSync(path.join(root, 'docs/compatibility.md'), compatibilityText())
    say('made docs/compatibility.md')
  })
}
