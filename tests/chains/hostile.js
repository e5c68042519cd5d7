// Chains that are made to keep a verifier busy, larger than a handshake lets through: no one but the engine is asked about them.
import { bitString, concatenate, context, contextPrimitive, integer, nothing, oid, sequence } from '../der.js'
import { generalName, ID, nameConstraints, subjectAltName } from './certificate.js'
import { key } from './keys.js'
import { authoritySheet, copy, drop, Plan, put } from './plan.js'

/** @typedef {import('./plan.js').Chain} Chain */

const MANY = 5_000

/** More elements than a call can have arguments. */
function joined(elements) {
  const pieces = []
  for (let at = 0; at < elements.length; at += 1_000) pieces.push(concatenate(...elements.slice(at, at + 1_000)))
  return concatenate(...pieces)
}

const numbers = (count) => Array.from({ length: count }, (_, number) => number)

/** @type {Record<string, (plan: Plan) => void>} */
const TABLE = {
  'thousands of issuers of one name and key'(plan) {
    const twins = numbers(MANY).map(() => plan.write(copy(plan.intermediate), plan.root))
    plan.arrangements.push(({ presented }) => void presented.push(...twins))
  },
  'thousands of issuers of one name with other keys'(plan) {
    for (const sheet of plan.sheets) drop(sheet, 'subjectKeyIdentifier', 'authorityKeyIdentifier')
    const others = numbers(MANY).map((number) => plan.write(copy(plan.intermediate, { key: key('p256', 3 + (number % 6)) }), plan.root))
    plan.arrangements.push(({ presented }) => void presented.splice(1, 0, ...others))
  },
  'a web of cross-signs'(plan) {
    const web = numbers(40).map((number) => authoritySheet(`Node ${number}`, key('p256', number)))
    const edges = web.flatMap((by) => web.map((of) => plan.write(copy(of), by)))
    plan.arrangements.push((all) => {
      all.presented = [plan.write(plan.leaf, web[0]), ...edges]
    })
  },
  'thousands of steps'(plan) {
    const steps = numbers(MANY).map((number) => authoritySheet(`Step ${number}`, key('p256', number % 8)))
    const written = steps.map((step, index) => plan.write(step, steps[index + 1] ?? plan.root))
    plan.arrangements.push((all) => {
      all.presented = [plan.write(plan.leaf, steps[0]), ...written]
    })
  },
  'names by constraints'(plan) {
    const host = (number) => contextPrimitive(2, `n${number}.test`)
    const names = numbers(100_000).map(host)
    put(plan.leaf, { id: ID.subjectAltName, value: sequence(joined(names)) })
    const limits = sequence(context(0, joined(names.map((name) => sequence(name)))))
    put(plan.intermediate, { id: ID.nameConstraints, critical: true, value: limits })
  },
  'a long name by constraints on names'(plan) {
    plan.leaf.subject = numbers(2_000).map((number) => ['OU', `Unit ${number}`])
    put(plan.intermediate, nameConstraints({ permitted: numbers(MANY).map((number) => ['directory', [['O', `Organisation ${number}`]]]) }))
  },
  'one long name by constraints on names'(plan) {
    plan.leaf.subject = [['OU', 'Unit '.repeat(6_000)]]
    put(plan.intermediate, nameConstraints({ excluded: numbers(2_000).map((number) => ['directory', [['O', `${number}`]]]) }))
  },
  'constraints at every step'(plan) {
    const steps = numbers(90).map((number) => authoritySheet(`Step ${number}`, key('p256', number % 8)))
    const limits = nameConstraints({ excluded: numbers(200).map((number) => ['dns', `p${number}.bad.test`]) })
    const names = subjectAltName(...numbers(200).map((number) => /** @type {any} */ (['dns', `n${number}.test`])))
    for (const step of steps) put(step, limits, names)
    plan.sheets.splice(1, 0, ...steps)
  },
  'thousands of extensions'(plan) {
    const value = generalName(['dns', 'x'])
    for (const sheet of plan.sheets) sheet.extensions.push(...numbers(20_000).map((number) => ({ id: `1.2.3.${number}`, value })))
  },
  'thousands of key purposes'(plan) {
    const purposes = numbers(MANY).map((number) => oid(`1.2.3.${number}`))
    put(plan.leaf, { id: ID.extKeyUsage, value: sequence(...purposes) })
  },
  'a huge RSA modulus'(plan) {
    claimRsa(plan, 65_536, 24)
  },
  'a huge RSA exponent'(plan) {
    claimRsa(plan, 4_096, 4_096)
  },
}

/** The intermediate has an RSA key of so many bits, of which nobody knows the other half. */
function claimRsa(plan, modulusBits, exponentBits) {
  const odd = (bits) => Uint8Array.from({ length: bits / 8 + 1 }, (_, place) => (place === 0 ? 0 : (place * 37) | 0x81))
  const algorithm = sequence(oid('1.2.840.113549.1.1.1'), nothing())
  const spki = sequence(algorithm, bitString(sequence(integer(odd(modulusBits)), integer(odd(exponentBits)))))
  const claimed = { ...plan.intermediate.key, spki }
  plan.leaf.signer = key('rsa-2048', 0)
  plan.intermediate.key = claimed
}

/** @return {Chain[]} */
export function hostileChains() {
  return Object.entries(TABLE).map(([name, apply]) => {
    const plan = new Plan().note(name)
    apply(plan)
    return plan.make()
  })
}
