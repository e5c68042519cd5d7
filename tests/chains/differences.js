// How our verdict differs from OpenSSL's, and the reasons for which it may. Whatever any OpenSSL refuses, we refuse: from that no reason
// excuses.

import { UNREADABLE } from './judge.js'

/** @typedef {import('./judged.js').JudgedChain} JudgedChain */

/**
 * `accepted`: we trust what an OpenSSL refuses. `refused`: we refuse what OpenSSL trusts. `code`: we refuse it for another reason than
 * the newest Node.
 * @typedef {'accepted' | 'refused' | 'code'} Kind
 *
 * @typedef {object} Reason
 * @property {string} why in a sentence
 * @property {('refused' | 'code')[]} kinds
 * @property {(chain: JudgedChain, ours: string | null) => boolean} fits
 * @property {boolean} [rare] it needs a random chain that is not in every run
 */

/** Whether a chain has a property. */
const has =
  (/** @type {RegExp} */ pattern) =>
  ({ properties }) =>
    properties.some((property) => pattern.test(property))

const named = (said, name) => 'code' in said && said.name === name

/** @type {Reason[]} */
export const REASONS = [
  {
    why: 'Signatures of ECDSA with SHA-3 are not known here, as in OpenSSL 3.0; 3.5 knows them',
    kinds: ['refused', 'code'],
    fits: has(/signature: ecdsa-sha3/),
  },
  {
    why: 'Keys of Ed448, secp256k1, P-224 and DSA have no verifier here',
    kinds: ['refused'],
    fits: (chain, ours) => ours === 'CERT_SIGNATURE_FAILURE' && has(/key: (ed448|secp256k1|p224|dsa)$|by dsa$/)(chain),
  },
  {
    why: 'Signatures with MD5 and SHA-1, which level 0 alone allows, with SHA-224 and with SHA-3 are not verified here',
    kinds: ['refused', 'code'],
    fits: has(/signature: (rsa|pss|ecdsa)-(md5|sha1|sha224|sha3)/),
  },
  {
    why: 'Signatures of RSASSA-PSS are verified if the salt is as long as the hash',
    kinds: ['refused', 'code'],
    fits: has(/signature: pss-sha256-(0|20|64)/),
  },
  {
    why: 'DSA is too weak here from level 1 on, whatever the size of the key',
    kinds: ['refused', 'code'],
    fits: (chain, ours) => /^(EE|CA)_KEY_TOO_SMALL$/.test(ours) && has(/key: dsa$|by dsa$/)(chain),
  },
  {
    why: 'IP address blocks and numbers of autonomous systems (RFC 3779) are refused wherever they are; OpenSSL looks whether they nest',
    kinds: ['refused', 'code'],
    fits: (chain, ours) => ours === 'UNNESTED_RESOURCE' && has(/extension: (ipAddressBlocks|autonomousSystems)/)(chain),
  },
  {
    why: 'Beside constraints on e-mail addresses, other names are refused, of which some are e-mail addresses for OpenSSL',
    kinds: ['refused', 'code'],
    fits: (chain, ours) => ours === 'UNSUPPORTED_NAME_SYNTAX' && has(/names: other$/)(chain) && has(/constraints: .* email/)(chain),
  },
  {
    why: 'Beside constraints on URIs, a URI with a user is refused: versions of OpenSSL differ about its host',
    kinds: ['code'],
    fits: (chain, ours) => ours === 'UNSUPPORTED_NAME_SYNTAX' && has(/names: uri with a user$/)(chain),
  },
  {
    why: 'Proxy certificates are refused for being such; OpenSSL goes on to look how they were issued',
    kinds: ['refused', 'code'],
    fits: has(/proxy certificate: /),
  },
  {
    why: 'A certificate of which the validity is no time at all is none to Node 26; it is one to Node 20',
    kinds: ['code'],
    fits: (chain, ours) => has(/validity: /)(chain) && [chain.said.node20, chain.said.openssl].some((said) => named(said, ours)),
  },
  {
    why: 'Of several issuers that are not valid, OpenSSL prefers the one that was so last even where it does not take its times',
    kinds: ['code'],
    fits: has(/validity: a time zone at the end/),
    rare: true,
  },
  {
    why: 'What a peer presents that is no certificate ends the handshake; OpenSSL’s command goes on without it',
    kinds: ['refused'],
    fits: (_, ours) => ours === UNREADABLE,
    rare: true,
  },
  {
    why: 'Broken DER that OpenSSL happens to read',
    kinds: ['refused', 'code'],
    fits: has(/^(mutated|restructured)/),
    rare: true,
  },
]

/**
 * What kind of difference there is, if any.
 * @param {JudgedChain} chain
 * @param {string | null} ours a code, null: trusted
 * @return {Kind | null}
 */
export function differenceOf({ said }, ours) {
  const answers = [said.node26, said.node20, said.openssl].filter((one) => 'code' in one)
  const [newest] = answers
  // What nobody can read is nothing to trust.
  if (ours === null) return answers.length === 0 || answers.some(({ code }) => code !== null) ? 'accepted' : null
  if (answers.length === 0) return null
  if (newest.code === null) return 'refused'
  // The command stops at the first complaint: its code is not the verdict.
  return newest === said.openssl || newest.code === ours || newest.name === ours ? null : 'code'
}

/** @type {Record<Kind, string>} */
const TITLES = { accepted: 'TRUSTED', refused: 'refused', code: 'another code' }

const wordsOf = (said) => ('problem' in said ? `(${said.problem})` : (said.name ?? said.code ?? 'trusted'))

/**
 * A line about a chain.
 * @param {JudgedChain} chain
 * @param {string | null} ours
 */
export const lineOf = ({ name, said }, ours) =>
  `${name}: ours ${ours ?? 'trusted'}, node-26 ${wordsOf(said.node26)}, node-20 ${wordsOf(said.node20)}, openssl ${wordsOf(said.openssl)}`

/**
 * Compare our verdicts.
 * @param {JudgedChain[]} chains
 * @param {(chain: JudgedChain) => string | null} judge
 */
export function compare(chains, judge) {
  const counts = { chains: chains.length, trusted: 0, accepted: 0, refused: 0, code: 0 }
  const met = new Map(REASONS.map((reason) => [reason, 0]))
  /** Differences without a reason, a line each. @type {string[]} */
  const unexplained = []
  for (const chain of chains) {
    const ours = judge(chain)
    const kind = differenceOf(chain, ours)
    if (ours === null) counts.trusted++
    if (!kind) continue
    counts[kind]++
    const reason = REASONS.find(({ kinds, fits }) => kinds.some((excused) => excused === kind) && fits(chain, ours))
    if (reason) met.set(reason, met.get(reason) + 1)
    else unexplained.push(`${TITLES[kind]}: ${lineOf(chain, ours)}`)
  }
  return {
    counts,
    unexplained,
    /** How often each reason was met. */
    reasons: [...met].map(([{ why, rare }, count]) => ({ why, rare, count })),
  }
}
