// Checks of arguments and options, which fail as Node's do.
import { Buffer } from '#platform'
import { makeError } from './errors.js'

/**
 * Check what a value is.
 * @param {string} name of the argument, or of the option behind `options.`
 * @param {unknown} value
 * @param {'boolean' | 'function' | 'number' | 'object' | 'string'} type null is no object
 */
export function checkType(name, value, type) {
  if (typeof value !== type || value === null) throw makeError('ERR_INVALID_ARG_TYPE', [name, `of type ${type}`, value])
}

/**
 * Check that a value is a whole number.
 * @param {string} name
 * @param {any} value
 */
export function checkInteger(name, value) {
  checkType(name, value, 'number')
  if (!Number.isInteger(value)) throw makeError('ERR_OUT_OF_RANGE', [name, 'an integer', value])
}

/**
 * The bytes that a value is a view of.
 * @param {string} name
 * @param {any} value
 * @param {string} [expected] what the name stands for
 * @return {Buffer} on the same memory
 */
export function checkedBytes(name, value, expected = 'an instance of Buffer, TypedArray, or DataView') {
  if (!ArrayBuffer.isView(value)) throw makeError('ERR_INVALID_ARG_TYPE', [name, expected, value])
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
}

/**
 * Text, as UTF-8, or the bytes that a value is a view of.
 * @param {string} name
 * @param {any} value
 */
export const stringOrBytes = (name, value) =>
  typeof value === 'string'
    ? Buffer.from(value)
    : checkedBytes(name, value, 'of type string or an instance of Buffer, TypedArray, or DataView')
