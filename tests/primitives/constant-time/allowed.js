// What the check of constant time finds in code of others and is no leak: branches on what is public although it was made of secrets. An
// entry is of as few places as there are, so that one more is found. Code of our own says so where it is: src/crypto/kernels/verdict.rs.

/**
 * @type {{ export: RegExp, kind: string, within: RegExp, sites: number, why: string }[]} exports, the kind of leak, the functions that were
 *   being run (the innermost first, with ' < ' between), how many instructions in there may do it, and why it shows nothing
 */
export const allowed = [
  {
    export: /^ct_ml_kem_generate$/,
    kind: 'branch',
    within: /^libcrux_ml_kem::mlkem768::portable::unpacked::generate_key_pair_mut < /,
    sites: 16,
    why: 'the matrix is made by rejection of rho, which is a part of the public key, but made of the seed',
  },
]
