// How a row of the table is written: see index.js.

/**
 * @typedef {object} Row
 * @property {string} name as in Node's documentation
 * @property {string} since the references that name it: of v0.8, v0.10 and v23.5; a later Node; `ours`; or `-` where none does
 * @property {'works' | 'differs' | 'refused' | 'missing'} status
 * @property {string[]} tests names of tests, or what they begin with; `trust.rs: name` is a Rust test of that file of tests/engine
 * @property {string} note why, and how it differs
 * @property {any} [value] of a refused option: what is refused
 * @property {string} [code] of a refused option: the code of the error
 */

/**
 * @param {string} name
 * @param {string} since
 * @param {Row['status']} status
 * @param {string | string[]} tests
 * @param {string} [note]
 * @param {{ value?: any, code?: string }} [more]
 * @return {Row}
 */
export const row = (name, since, status, tests, note = '', more = {}) => ({ name, since, status, tests: [tests].flat(), note, ...more })

/** All three references. */
export const ALL = '0.8 0.10 23.5'
