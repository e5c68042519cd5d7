// What the check of constant time finds and is no leak, each with its reason. In code of our own, a value that is published is marked
// where it is (`declassify`); this is for code of others that publishes something half-way.

/**
 * @type {{ export: RegExp, kind: string, within: RegExp, why: string }[]} exports, the kind of leak, the functions that were being run
 *   (the outermost first, with ' > ' between), and why it shows nothing
 */
export const allowed = []
