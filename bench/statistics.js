// What is told of several rounds.

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((one, other) => one - other)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/**
 * @typedef {object} Summary
 * @property {number} median
 * @property {number} minimum
 * @property {number} maximum
 * @property {number} spread (maximum - minimum) / median
 * @property {number[]} rounds every value, in order
 */

/** @param {number[]} rounds @return {Summary} */
export function summarise(rounds) {
  const [middle, minimum, maximum] = [median(rounds), Math.min(...rounds), Math.max(...rounds)].map(round)
  return { median: middle, minimum, maximum, spread: round((maximum - minimum) / middle), rounds: rounds.map(round) }
}

/**
 * The ratios of two contenders, each within one round: the machine's moods are the same for both.
 * @param {number[]} ours
 * @param {number[]} theirs
 * @return {Summary}
 */
export const ratios = (ours, theirs) => summarise(ours.map((value, index) => value / theirs[index]))

/** Four significant digits. */
const round = (value) => Number(value.toPrecision(4))
