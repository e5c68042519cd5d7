// The page's pieces, made of what is told of a connection. Text of strangers goes in as text, never as markup.

/** @param {string} id */
export const byId = (id) => /** @type {any} */ (document.getElementById(id))

/**
 * Make an element.
 * @param {string} name
 * @param {Record<string, string>} attributes
 * @param {...(Node | string)} children
 */
function make(name, attributes, ...children) {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
  element.append(...children)
  return element
}

const STEPS = [
  ['tunnel', 'Tunnel open', 'The relay has a TCP connection to the server.'],
  ['hello', 'ClientHello sent', 'What this page can do, and its half of the key exchange.'],
  ['judged', 'Certificate judged', 'Does its chain lead to a trusted root? Is it for this host?'],
  ['handshake', 'Handshake done', 'Both sides have proved that they hold the same keys.'],
  ['answer', 'First byte', 'The first byte of the answer, decrypted.'],
]

const milliseconds = (value) => `${value < 100 ? value.toFixed(1) : Math.round(value)} ms`

/** Show all steps as still to come. */
export function resetSteps() {
  const items = STEPS.map(([id, title, text]) =>
    make(
      'li',
      { id: `step-${id}`, 'data-state': 'waiting' },
      make('b', {}, title),
      make('span', { class: 'time' }, '–'),
      make('p', {}, text),
    ),
  )
  byId('steps').replaceChildren(...items)
}

/** Show that a step is done. */
export function markStep(id, time) {
  const item = byId(`step-${id}`)
  item.dataset.state = 'done'
  item.querySelector('.time').textContent = milliseconds(time)
}

/**
 * Show where a connection failed.
 * @param {boolean} isRefused the server was turned away by this page: what is wrong is the certificate
 * @return {string} the title of the step
 */
export function markFailedStep(isRefused) {
  const isDone = (id) => byId(`step-${id}`).dataset.state === 'done'
  const failed = isRefused ? STEPS[2] : (STEPS.find((step) => step[0] !== 'judged' && !isDone(step[0])) ?? STEPS[4])
  const item = byId(`step-${failed[0]}`)
  item.dataset.state = 'failed'
  if (item.querySelector('.time').textContent === '–') item.querySelector('.time').textContent = isRefused ? 'refused' : 'failed'
  for (const [id] of STEPS) {
    if (byId(`step-${id}`).dataset.state === 'waiting') byId(`step-${id}`).dataset.state = 'never'
  }
  return failed[1]
}

/** Show what was agreed on; null for nothing. */
export function showFacts(answer) {
  const facts = answer && [
    ['Protocol', answer.protocol.replace('TLSv', 'TLS ')],
    ['Cipher', answer.cipher],
    ['Key exchange', answer.group ?? 'unknown'],
    ['Time to first byte', milliseconds(answer.timeToFirstByte)],
  ]
  byId('facts').hidden = !facts
  byId('facts').replaceChildren(...(facts ?? []).map(([name, value]) => make('div', {}, make('dt', {}, name), make('dd', {}, value))))
}

/**
 * Show a chain as cards; null for none.
 * @param {any} certificate the leaf, with its issuers
 * @param {boolean} [isVerified]
 */
export function showChain(certificate, isVerified = true) {
  const chain = []
  for (let each = certificate; each; each = each.issuerCertificate === each ? null : each.issuerCertificate) chain.push(each)
  byId('chain-section').hidden = chain.length === 0
  byId('chain-title').textContent = isVerified ? 'Verified chain' : 'The certificate that was refused'
  byId('chain').replaceChildren(...chain.map(certificateCard))
}

/** The role of a certificate by its place. */
function roleOf(certificate, index) {
  if (index === 0) return 'Server'
  return certificate.issuerCertificate === certificate ? 'Root' : 'Intermediate'
}

function certificateCard(certificate, index) {
  const names = certificate.subjectaltname
  const rows = [
    ['Issued by', nameText(certificate.issuer)],
    ['Valid', `${day(certificate.valid_from)} to ${day(certificate.valid_to)}`],
    ...(names ? [['Names', names.replace(/IP Address:/g, 'IP:')]] : []),
    ['SHA-256', certificate.fingerprint256],
  ]
  const list = make(
    'dl',
    {},
    ...rows.flatMap(([name, value]) => [make('dt', {}, name), make('dd', name === 'SHA-256' ? { class: 'mono' } : {}, value)]),
  )
  return make('li', {}, make('p', { class: 'role' }, roleOf(certificate, index)), make('h3', {}, nameText(certificate.subject)), list)
}

/** A distinguished name's common name, or what else it has. */
const nameText = (name) => [name.CN ?? Object.values(name)].flat().join(', ') || '(no name)'

const day = (text) => new Date(text).toLocaleDateString(undefined, { year: 'numeric', month: 'short', day: 'numeric' })

/** Show an answer; null for none. */
export function showAnswer(answer) {
  byId('answer-section').hidden = !answer
  byId('answer-status').textContent = answer?.status ?? ''
  byId('answer-body').textContent = answer?.body || '(no body)'
}

const LANES = [
  ['up', '↑ page to server'],
  ['down', '↓ server to page'],
]

const bytes = (count) => `${count.toLocaleString()} ${count === 1 ? 'byte' : 'bytes'}`

/** What is shown of a direction's records at the most. */
const MOST_RECORDS = 14

/**
 * Show what the tunnel tells of what it saw; null for nothing yet.
 * @param {null | { up: any, down: any }} seen
 */
export function showSeen(seen) {
  byId('seen-section').hidden = !seen
  byId('lanes').replaceChildren(...(seen ? LANES.map(([id, title]) => lane(title, seen[id])) : []))
}

function lane(title, { bytes: count, records, first, firstEncrypted }) {
  const more = records.length - MOST_RECORDS
  const items = records
    .slice(0, MOST_RECORDS)
    .map(({ kind, length }) =>
      make('li', { class: kind === 'encrypted' ? 'encrypted' : 'clear' }, `${kind} `, make('small', {}, `${length.toLocaleString()} B`)),
    )
  if (more > 0) items.push(make('li', {}, 'and more'))
  return make(
    'div',
    { class: 'lane' },
    make('h3', {}, title, make('span', { class: 'count' }, bytes(count))),
    make('ul', { class: 'records', 'aria-label': 'TLS records' }, ...items),
    ...glimpse('The first bytes, in the clear', first),
    ...glimpse('The first encrypted record', firstEncrypted),
  )
}

const GLIMPSE_LINE = 8

/** Bytes as a tunnel's owner would look at them: hexadecimal, and letters where they are some. */
function glimpse(title, hex) {
  if (!hex) return []
  const values = hex.match(/../g).map((pair) => Number.parseInt(pair, 16))
  const lines = []
  for (let from = 0; from < values.length; from += GLIMPSE_LINE) {
    const part = values.slice(from, from + GLIMPSE_LINE)
    const digits = part.map((value) => value.toString(16).padStart(2, '0')).join(' ')
    const letters = part.map((value) => (value > 32 && value < 127 ? String.fromCharCode(value) : '·')).join('')
    lines.push(make('span', {}, digits.padEnd(3 * GLIMPSE_LINE), make('i', {}, letters)))
  }
  return [
    make('p', { class: 'hint' }, title),
    make('div', { class: 'hex', role: 'img', 'aria-label': `${title}, in hexadecimal: ${hex}` }, ...lines),
  ]
}
