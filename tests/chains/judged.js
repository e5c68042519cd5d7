// Chains with what OpenSSL says of them, made once for all runtimes of a run.
import { chains } from './cases.js'
import { askNode, askOpenssl } from './references.js'

/** @typedef {import('./plan.js').Chain} Chain */
/** @typedef {import('./references.js').Said} Said */
/** @typedef {Chain & { said: { node26: Said, node20: Said, openssl: Said } }} JudgedChain */

/** How many chains there are of each family: see cases.js. */
export const SELECTIONS = {
  sample: { seed: 3, share: 80, random: 5 },
  quick: { seed: 1, share: 4, random: 60 },
  full: { seed: 2, share: 1, random: 1500 },
}

/** @type {Map<string, Promise<JudgedChain[]>>} */
const made = new Map()

/**
 * @param {keyof typeof SELECTIONS} selection
 * @return {Promise<JudgedChain[]>}
 */
export function judgedChains(selection) {
  const known = made.get(selection) ?? make(selection)
  made.set(selection, known)
  return known
}

/** @return {Promise<JudgedChain[]>} */
async function make(selection) {
  if (!Object.hasOwn(SELECTIONS, selection)) throw new Error(`no chains are called '${selection}'`)
  return askAll(chains(SELECTIONS[selection]))
}

/**
 * Ask everybody about chains.
 * @param {Chain[]} list
 * @return {Promise<JudgedChain[]>}
 */
export async function askAll(list) {
  const [node26, node20, openssl] = await Promise.all([askNode('node-26', list), askNode('node-20', list), askOpenssl(list)])
  return list.map((chain, index) => ({ ...chain, said: { node26: node26[index], node20: node20[index], openssl: openssl[index] } }))
}
