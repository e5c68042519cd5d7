// The page: what a person types becomes a connection, and what becomes of it is shown.
import tls from 'isomorphic-tls'
import { explain, isAboutCertificate } from '../demo/explain.js'
import { parseTarget } from '../demo/target.js'
import { connect } from './connection.js'
import { byId, markFailedStep, markStep, resetSteps, showAnswer, showChain, showFacts, showSeen } from './view.js'

const [form, server, path, ca] = ['form', 'server', 'path', 'ca'].map(byId)

/** Ends the connection that is shown, when another takes its place. */
let current = new AbortController()

/** What the demo's own servers are, and who has signed for them. */
let demo = { ca: '' }

const announce = (text) => {
  byId('announcement').textContent = text
}

function showVerdict(state, title, text, code = '') {
  byId('verdict').dataset.state = state
  byId('result-title').textContent = title
  byId('verdict-text').textContent = text
  byId('verdict-code').textContent = code
  byId('verdict-code').hidden = !code
  byId('result').hidden = false
  announce(`${title}. ${text} ${code}`)
}

function describeTrust() {
  const text = ca.value.trim()
  const which = text === demo.ca.trim() ? 'the demo’s private CA' : 'the private CA below'
  byId('trust-summary').textContent = text ? which : 'Mozilla’s root certificates'
}

/** Fill in a server to try. */
function fillIn(example) {
  server.value = example === 'public' ? 'example.com:443' : demo[example]
  ca.value = example === 'public' ? '' : demo.ca
  path.value = '/'
  server.setCustomValidity('')
  describeTrust()
}

/** What the form says. @throws {Error} with words for the person */
function readForm() {
  const target = parseTarget(server.value)
  const authority = ca.value.trim()
  const place = path.value.trim()
  return { ...target, path: encodeURI(place.startsWith('/') ? place : `/${place}`), ...(authority && { ca: `${authority}\n` }) }
}

function submit(event) {
  event.preventDefault()
  try {
    show(readForm())
  } catch (error) {
    server.setCustomValidity(error.message)
    server.reportValidity()
  }
}

async function show(options) {
  current.abort()
  current = new AbortController()
  const { signal } = current
  const ifCurrent =
    (listener) =>
    (...values) =>
      signal.aborted || listener(...values)
  const { host } = options
  resetSteps()
  showFacts(null)
  showChain(null)
  showAnswer(null)
  showSeen(null)
  byId('route-server').textContent = host
  byId('seen-text').textContent = ''
  showVerdict('busy', `Connecting to ${host}`, 'The handshake is under way.')
  try {
    await tls.init()
    const listeners = { onStep: ifCurrent(markStep), onCertificate: ifCurrent(showChain), onSeen: ifCurrent(showSeen) }
    const answer = await connect(tls, { ...options, signal }, listeners)
    if (!signal.aborted) showSuccess(host, answer)
  } catch (error) {
    if (!signal.aborted) showFailure(host, error)
  }
  if (!signal.aborted) byId('verdict').scrollIntoView({ block: 'nearest' })
}

function showSuccess(host, answer) {
  showFacts(answer)
  showAnswer(answer)
  showVerdict('good', `Connected to ${host}`, 'The server is who it should be, and nobody on the way can read what was said.')
  byId('seen-text').textContent = seenText(answer.protocol)
}

function showFailure(host, error) {
  const code = error.code ?? error.name
  const isRefused = isAboutCertificate(code)
  const step = markFailedStep(isRefused)
  showChain(error.cert ?? null, false)
  const title = isRefused ? `Refused: ${host}` : `No connection to ${host}`
  const consequence = isRefused ? 'This page hung up before it sent your request.' : `It failed at the step “${step}”.`
  showVerdict('bad', title, `${explain(code) || error.message} ${consequence}`, `${code}: ${error.message}`)
  byId('seen-text').textContent = step === 'First byte' ? '' : 'Of your request the tunnel saw nothing: it was never sent.'
}

/** What is in the clear is less in TLS 1.3. */
function seenText(protocol) {
  const clear =
    protocol === 'TLSv1.3'
      ? 'It knows where the bytes go, the two hellos with the name of the server, and how many bytes went when.'
      : 'It knows where the bytes go, the handshake with the name and the certificate of the server (TLS 1.2 hides less of it than 1.3), and how many bytes went when.'
  return `${clear} Your request and the answer were encrypted before they reached it, and it has no key.`
}

form.addEventListener('submit', submit)
server.addEventListener('input', () => server.setCustomValidity(''))
ca.addEventListener('input', describeTrust)
for (const each of document.querySelectorAll('[data-example]')) {
  each.addEventListener('click', () => {
    fillIn(/** @type {HTMLElement} */ (each).dataset.example)
    form.requestSubmit()
  })
}

demo = await (await fetch('/demo.json')).json()
fillIn('good')
byId('connect').disabled = false
