// The chains that verdicts are compared on: every property in every place of a chain of three, every arrangement, and then random
// combinations of them and random mutations. One seed makes the same chains again, but for keys, times and signatures.
import { chooser } from '../random.js'
import { context, contextPrimitive, oid, sequence, utf8String } from '../der.js'
import { settings } from './arrangements.js'
import {
  authorityKeyIdentifier,
  basicConstraints,
  extKeyUsage,
  generalName,
  ID,
  keyUsage,
  nameConstraints,
  netscapeType,
  subjectAltName,
  subjectKeyIdentifier,
} from './certificate.js'
import { key } from './keys.js'
import { changeStructure } from './mutation.js'
import { authoritySheet, Plan, put } from './plan.js'
import { constrained, properties } from './properties.js'

/** @typedef {import('./plan.js').Chain} Chain */
/** @typedef {import('./properties.js').Property} Property */
/** @typedef {import('./certificate.js').Extension} Extension */

const PLACES = { leaf: (plan) => plan.leaf, intermediate: (plan) => plan.intermediate, root: (plan) => plan.root }

/** @param {Plan} plan @param {Property} property @param {'leaf' | 'intermediate' | 'root'} place */
function applyAt(plan, property, place) {
  property.apply(PLACES[place](plan), plan)
  return plan.note(`${place} ${property.name}`)
}

/** Every property in every place where it can be. */
function* single() {
  for (const property of properties) {
    for (const place of property.at) {
      yield applyAt(new Plan(), property, place)
      if (property.forClients) yield applyAt(new Plan({ purpose: 'client' }).note('for a client'), property, place)
    }
  }
}

/** Properties of authorities at the deepest place, where the last certificate is trusted although it is no root. */
function* partial() {
  for (const property of properties.filter(({ name }) =>
    /^(basicConstraints|keyUsage|extKeyUsage|validity|version|key identifiers)/.test(name),
  )) {
    if (!property.at.includes('intermediate')) continue
    const plan = applyAt(new Plan(), property, 'intermediate').note('only the first intermediate trusted').note('partial')
    plan.partial = true
    plan.arrangements.push((all) => {
      all.trusted = [all.presented[1]]
    })
    yield plan
  }
}

/** Every kind of key and signature at the other security levels. */
function* levels() {
  for (const level of [0, 1, 3]) {
    for (const property of properties.filter(({ name }) => /^(key: |signature: .* by )/.test(name))) {
      for (const place of property.at) {
        const plan = applyAt(new Plan(), property, place).note(`level ${level}`)
        plan.level = level
        yield plan
      }
    }
  }
}

/** Every arrangement, of chains of three and four, with and without `allowPartialTrustChain`. */
function* arranged() {
  for (const setting of settings) {
    for (const length of [3, 4]) {
      for (const isPartial of [false, true]) {
        const plan = new Plan({ length }).note(setting.name)
        if (length === 4) plan.note('of four')
        if (isPartial) plan.note('partial')
        plan.partial = isPartial
        setting.apply(plan)
        yield plan
      }
    }
  }
}

/** Every name with every limit, at the intermediate; some at the root. */
function* limited() {
  for (const limit of constrained.limits) {
    for (const name of constrained.names) {
      yield applyAt(applyAt(new Plan(), limit, 'intermediate'), name, 'leaf')
    }
    yield applyAt(applyAt(new Plan(), limit, 'root'), constrained.names[0], 'leaf')
  }
}

/** Chains of many certificates. */
function* deep() {
  for (const length of [2, 5, 10, 20, 31, 32, 33, 40, 41, 60, 99, 100, 101, 102, 103, 110]) {
    yield new Plan({ length }).note(`of ${length}`)
  }
  for (const limit of [0, 1, 2, 3]) {
    const [first, second] = properties.filter(({ name }) => ['basicConstraints: pathlen 1', 'basicConstraints: pathlen 2'].includes(name))
    const plan = new Plan({ length: 3 + limit }).note(`of ${3 + limit}`)
    yield applyAt(applyAt(plan, first, 'intermediate'), second, 'root')
  }
  // Authorities of one name do not count.
  for (const limit of ['basicConstraints: pathlen 0', 'basicConstraints: pathlen 1']) {
    const plan = new Plan({ length: 4 }).note('a self-issued authority')
    plan.sheets[1] = { ...authoritySheet('Intermediate 2', key('p256', 8)) }
    yield applyAt(
      plan,
      properties.find(({ name }) => name === limit),
      'root',
    )
  }
}

/**
 * Random combinations: a chain of any length, a few properties in any places, perhaps an arrangement.
 * @param {(limit: number) => number} choose
 */
function combination(choose) {
  const pick = (list) => list[choose(list.length)]
  const plan = new Plan({ length: 2 + choose(4), purpose: choose(4) === 0 ? 'client' : 'server' })
  plan.note(`of ${plan.sheets.length}`)
  if (plan.purpose === 'client') plan.note('for a client')
  if (choose(4) === 0) {
    plan.partial = true
    plan.note('partial')
  }
  if (choose(4) === 0) {
    plan.level = choose(3)
    plan.note(`level ${plan.level}`)
  }
  const kinds = choose(3) === 0 ? ['rsa-2048', 'p384', 'p521', 'ed25519'] : ['p256']
  for (const [depth, sheet] of plan.sheets.entries()) sheet.key = key(pick(kinds), depth % 3)
  const count = 1 + choose(3)
  for (let index = 0; index < count; index++) {
    const property = pick(choose(6) === 0 ? [...constrained.limits, ...constrained.names] : properties)
    const places = property.at.filter((place) => plan.sheets.length > 2 || place !== 'intermediate')
    if (places.length > 0) applyAt(plan, property, pick(places))
  }
  if (plan.sheets.length > 2 && choose(3) === 0) {
    const setting = pick(settings)
    plan.note(setting.name)
    setting.apply(plan)
  }
  return plan
}

/**
 * A good chain, some bytes of which were changed.
 * @param {(limit: number) => number} choose
 */
function mutation(choose) {
  const plan = new Plan({ length: 3 })
  const place = choose(3)
  plan.note(`mutated ${['leaf', 'intermediate', 'root'][place]}`)
  plan.arrangements.push((all) => {
    const list = place === 2 ? all.trusted : all.presented
    const index = place === 2 ? 0 : place
    const der = Uint8Array.from(list[index])
    const count = 1 + choose(2)
    for (let change = 0; change < count; change++) {
      // The fields, more often than the signature.
      const offset = choose(choose(4) === 0 ? der.length : der.length - 80)
      const value = [der[offset] ^ (1 << choose(8)), choose(256), der[offset] + 1, 0][choose(4)]
      plan.note(`byte ${offset}: ${der[offset]} is ${value & 0xff}`)
      der[offset] = value
    }
    list[index] = der
  })
  return plan
}

/** The extensions that OpenSSL reads whole of every certificate, with all that may be in them. @type {((plan: Plan) => Extension)[]} */
const STRUCTURED = [
  () => basicConstraints(true, 3),
  () => keyUsage('keyCertSign', 'digitalSignature'),
  () => extKeyUsage('server', 'client'),
  () => netscapeType('server', 'client', 'sslCA'),
  () => subjectKeyIdentifier(),
  ({ root }) => authorityKeyIdentifier((by) => ({ identifier: by.key.identifier, issuer: root.subject, serial: by.serial })),
  () =>
    subjectAltName(
      ['dns', 'localhost'],
      ['email', 'user@localhost'],
      ['ip', [127, 0, 0, 1]],
      ['uri', 'http://localhost/'],
      ['directory', [['CN', 'localhost']]],
      ['registeredId', '1.2.3.4'],
      ['other', 'x'],
    ),
  () =>
    nameConstraints({
      permitted: [
        ['dns', 'localhost'],
        ['ip', [127, 0, 0, 0, 255, 0, 0, 0]],
      ],
      excluded: [
        ['email', 'other.test'],
        ['directory', [['CN', 'other']]],
      ],
      minimum: 0,
    }),
  ({ root }) => ({
    id: ID.crlDistributionPoints,
    value: sequence(
      sequence(context(0, context(0, generalName(['uri', 'http://crl.test/'])))),
      sequence(context(0, context(1, sequence(oid('2.5.4.3'), utf8String('a part')))), contextPrimitive(1, Uint8Array.of(1, 6))),
      sequence(context(2, generalName(['directory', root.subject]))),
    ),
  }),
]

/**
 * A good chain, one extension of which was changed in its structure.
 * @param {(limit: number) => number} choose
 */
function restructured(choose) {
  const plan = new Plan({ length: 3 })
  const place = choose(3)
  const sheet = plan.sheets[place]
  put(sheet, STRUCTURED[choose(STRUCTURED.length)](plan))
  const index = choose(sheet.extensions.length)
  const { value, ...extension } = sheet.extensions[index]
  const name = Object.keys(ID).find((known) => ID[known] === extension.id)
  plan.note(`restructured ${['leaf', 'intermediate', 'root'][place]}: ${name}`)
  const change = (bytes) => changeStructure(choose(4) === 0 ? changeStructure(bytes, choose) : bytes, choose)
  sheet.extensions[index] = { ...extension, value: (own, by) => change(typeof value === 'function' ? value(own, by) : value) }
  return plan
}

/**
 * How many of each family of chains there are, and the chains.
 * @param {{ seed: number, share?: number, random: number }} options `share`: one in how many of the systematic ones; `random`: how many
 *   combinations, mutations and changes of structure
 * @return {Chain[]}
 */
export function chains({ seed, share = 1, random }) {
  const choose = chooser(seed)
  /** @type {Plan[]} */
  const plans = [new Plan(), new Plan({ purpose: 'client' }).note('for a client')]
  for (const family of [single, partial, levels, arranged, limited, deep]) {
    let index = choose(share)
    for (const plan of family()) if (index++ % share === 0) plans.push(plan)
  }
  for (let index = 0; index < random; index++) plans.push(combination(choose), mutation(choose), restructured(choose))
  return plans.map((plan) => plan.make())
}
