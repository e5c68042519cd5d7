// What the demo prints.
import { formatTarget } from './target.js'
import { explain } from './explain.js'

const LABEL = 15

/** Of a longer body, the rest is not shown. */
const LONGEST_BODY = 100

const isColourful = process.stdout.isTTY && !process.env.NO_COLOR
const paint = (code) => (text) => (isColourful ? `\x1b[${code}m${text}\x1b[0m` : text)
const [bold, dim, red, green] = [1, 2, 31, 32].map(paint)

const line = (label, text) => console.log(`  ${dim(label.padEnd(LABEL))}${text}`)

const good = (text) => `${green('✓')} ${text}`
const bad = (text) => `${red('✗')} ${text}`

/** Control characters of a stranger are not for a person's terminal. */
const harmless = (text) => text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').trim()

const shorten = (text) => (text.length > LONGEST_BODY ? `${text.slice(0, LONGEST_BODY)}…` : text)

/** Begin a runtime's block. */
export const printHeading = (name, version, way) => console.log(`\n${bold(`${name} ${version}`)} ${dim(`over ${way}`)}`)

/** @param {string} problem why a runtime has nothing to show */
export const printProblem = (problem) => line('problem', bad(problem))

/** @param {NonNullable<import('../runtimes/attempt.js').Outcome['answer']>} answer */
export function printAnswer({ protocol, cipher, group, chain, status, body, timeToFirstByte }) {
  line('protocol', protocol)
  line('cipher', cipher)
  line('key exchange', group ?? 'unknown')
  line('verified chain', good(chain.map(harmless).join(' → ')))
  line('answer', harmless(status))
  line('', shorten(harmless(body)))
  line('first byte', `${timeToFirstByte.toFixed(1)} ms`)
}

/** @param {{ code: string, message: string }} error */
export function printFailure({ code, message }) {
  line('failed', bad(`${code}: ${harmless(message)}`))
  if (explain(code)) line('', explain(code))
}

/**
 * Print what became of a request that must be refused.
 * @param {string} what
 * @param {import('../runtimes/attempt.js').Outcome} outcome
 * @param {string[]} codes those that are right
 * @return {boolean} whether it was refused, and for the right reason
 */
export function printRefusal(what, { error }, codes) {
  const isRight = error !== undefined && codes.includes(error.code)
  if (!error) line(what, bad('was ACCEPTED'))
  else if (isRight) line(what, `${good('refused')}: ${error.code}, ${harmless(error.message)}`)
  else line(what, bad(`failed for another reason: ${error.code}: ${harmless(error.message)}`))
  return isRight
}

/** @param {{ host: string, port: number }} target */
export const printTarget = (target) => console.log(`\nAsking ${bold(formatTarget(target))} with the same client on each runtime`)
