// Times of certificates (RFC 5280, 4.1.2.5), with all that OpenSSL takes besides: offsets, fractions, no seconds.
import { contents, has } from './ber.js'
import * as Tag from './tag.js'
import { latin1 } from './octets.js'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const UTC_TIME = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?()(Z|[+-]\d{4})$/
const GENERALIZED_TIME = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(?:(\d\d)(\.\d+)?)?(Z|[+-]\d{4})$/

/**
 * A moment, and how it is written.
 * @typedef {object} Time
 * @property {Date} date an invalid one if it is none
 * @property {string} text as OpenSSL writes it
 */

/**
 * Read a `Time`.
 * @param {import('./ber.js').Element | undefined} element
 * @return {Time}
 */
export function readTime(element) {
  const isUtc = has(element, Tag.UTC_TIME)
  const octets = contents(element, isUtc ? Tag.UTC_TIME : Tag.GENERALIZED_TIME)
  const text = latin1(octets)
  const parts = (isUtc ? UTC_TIME : GENERALIZED_TIME).exec(text)
  const date = parts ? dateOf(parts, isUtc) : null
  if (!parts || !date) return { date: new Date(Number.NaN), text: 'Bad time value' }
  return { date, text: writeTime(date, parts[7] ?? '') }
}

/** The moment, or null if there is no such day or hour. */
function dateOf(parts, isUtc) {
  const [, years, ...others] = parts
  const [month, day, hour, minute, second] = others.slice(0, 5).map((digits) => Number(digits ?? 0))
  const short = Number(years) + (isUtc ? 1900 : 0)
  const year = isUtc && short < 1950 ? short + 100 : short
  const date = new Date(0)
  // In one go: a year below 100 is one.
  date.setUTCFullYear(year, month - 1, day)
  date.setUTCHours(hour, minute, second)
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60
  const zone = others[6]
  if (!isReal || zone === 'Z') return isReal ? date : null
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(3))]
  if (hours > 12 || minutes > 59) return null
  const offset = (hours * 60 + minutes) * 60_000
  const moved = new Date(date.getTime() + (zone[0] === '-' ? offset : -offset))
  // OpenSSL counts from 1900 when it moves a time.
  const isCounted = offset === 0 || (moved.getUTCFullYear() >= 1900 && moved.getUTCFullYear() <= 9999)
  return isCounted ? moved : null
}

function writeTime(date, fraction) {
  const two = (value) => String(value).padStart(2, '0')
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':')
  const day = String(date.getUTCDate()).padStart(2)
  return `${MONTHS[date.getUTCMonth()]} ${day} ${time}${fraction} ${date.getUTCFullYear()} GMT`
}
