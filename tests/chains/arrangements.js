// What may be unusual about a chain as a whole: what is presented and what is trusted, and certificates beside those of the plan.
import { authorityKeyIdentifier, basicConstraints, ID, inDays, keyUsage, subjectAltName, subjectKeyIdentifier } from './certificate.js'
import { key } from './keys.js'
import { authoritySheet, copy, drop, leafSheet, put } from './plan.js'

/** @typedef {import('./plan.js').Plan} Plan */
/** @typedef {import('./plan.js').Arrangement} Arrangement */
/** @typedef {import('./certificate.js').Sheet} Sheet */

/**
 * @typedef {object} Setting
 * @property {string} name
 * @property {number} [length] of the chains that it makes sense for; any unless given
 * @property {(plan: Plan) => void} apply
 */

/** Do something with the certificates that were written. */
const arrange = (change) => (plan) => void plan.arrangements.push(change)

/** Present more, or trust more: sheets and whose key signs them. */
const presentToo = (plan, sheet, by) => plan.arrangements.push((all) => void all.presented.push(plan.write(sheet, by)))
const presentFirst = (plan, sheet, by) => plan.arrangements.push((all) => void all.presented.splice(1, 0, plan.write(sheet, by)))
const trustToo = (plan, sheet, by) => plan.arrangements.push((all) => void all.trusted.push(plan.write(sheet, by)))
const trustFirst = (plan, sheet, by) => plan.arrangements.push((all) => void all.trusted.unshift(plan.write(sheet, by)))

/** No certificate says which key signed it. */
const withoutIdentifiers = (plan) => {
  for (const sheet of plan.sheets) drop(sheet, 'subjectKeyIdentifier', 'authorityKeyIdentifier')
}

const OVER = { notBefore: inDays(-20), notAfter: inDays(-10) }

/** The one certificate of a plan, as its own issuer. */
const alone = (change) => (plan) => {
  plan.sheets.splice(1)
  plan.arrangements.push((all) => {
    all.presented = all.presented.slice(0, 1)
  })
  change(plan.leaf, plan)
}

const untrusted = arrange((all) => {
  all.trusted = []
})

/** @type {Record<string, (plan: Plan) => void>} */
const TABLE = {
  // What is missing, or too much.
  'nothing trusted': untrusted,
  'the root presented too': arrange((all) => void all.presented.push(all.trusted[0])),
  'the root presented, and nothing trusted': arrange((all) => {
    all.presented.push(...all.trusted)
    all.trusted = []
  }),
  'no intermediates': arrange((all) => void all.presented.splice(1)),
  'the last intermediate missing': arrange((all) => void all.presented.pop()),
  'the first intermediate missing': arrange((all) => void all.presented.splice(1, 1)),
  'everything twice': arrange((all) => void all.presented.push(...all.presented)),
  'the leaf again at the end': arrange((all) => void all.presented.push(all.presented[0])),
  'intermediates the other way round': arrange((all) => void all.presented.push(...all.presented.splice(1).reverse())),
  'a stranger among them': (plan) => {
    const stranger = authoritySheet('Stranger', key('p256', 8))
    presentFirst(plan, stranger, stranger)
  },
  'a stranger trusted too': (plan) => {
    const stranger = authoritySheet('Stranger', key('p256', 8))
    trustFirst(plan, stranger, stranger)
  },
  'only a stranger trusted': (plan) => {
    const stranger = authoritySheet('Stranger', key('p256', 8))
    plan.arrangements.push((all) => {
      all.trusted = [plan.write(stranger, stranger)]
    })
  },

  // Who is trusted.
  'the intermediate trusted, too': (plan) => plan.arrangements.push((all) => void all.trusted.push(plan.write(plan.intermediate))),
  'only the first intermediate trusted': arrange((all) => {
    all.trusted = [all.presented[1]]
  }),
  'only the first intermediate trusted, and not presented': arrange((all) => {
    all.trusted = all.presented.splice(1, 1)
  }),
  'only the last intermediate trusted': arrange((all) => {
    all.trusted = [all.presented[all.presented.length - 1]]
  }),
  'only the leaf trusted': arrange((all) => {
    all.trusted = [all.presented[0]]
  }),
  'only the leaf trusted, and alone presented': arrange((all) => {
    all.presented = all.presented.slice(0, 1)
    all.trusted = all.presented
  }),
  'all trusted': arrange((all) => void all.trusted.push(...all.presented)),
  'all trusted, the leaf first': arrange((all) => void all.trusted.unshift(...all.presented)),

  // Anchors of one name.
  'two roots of one name, without identifiers': (plan) => {
    withoutIdentifiers(plan)
    const twin = copy(plan.root, { key: key('p256', 8) })
    trustToo(plan, twin, twin)
  },
  'two roots of one name, the other first, without identifiers': (plan) => {
    withoutIdentifiers(plan)
    const twin = copy(plan.root, { key: key('p256', 8) })
    trustFirst(plan, twin, twin)
  },
  'two roots of one name, the other first': (plan) => {
    const twin = copy(plan.root, { key: key('p256', 8) })
    trustFirst(plan, twin, twin)
  },
  'two roots of one name, the other of another kind and first, without identifiers': (plan) => {
    withoutIdentifiers(plan)
    const twin = copy(plan.root, { key: key('rsa-2048', 1) })
    trustFirst(plan, twin, twin)
  },
  'two roots of one name, the other over and first, without identifiers': (plan) => {
    withoutIdentifiers(plan)
    const twin = copy(plan.root, { key: key('p256', 8), ...OVER })
    trustFirst(plan, twin, twin)
  },
  'a renewed root, the old one over and first': (plan) => {
    const old = copy(plan.root, OVER)
    trustFirst(plan, old, old)
  },
  'a renewed root, the old one over and last': (plan) => {
    const old = copy(plan.root, OVER)
    trustToo(plan, old, old)
  },
  'a renewed root, the old one over and presented': (plan) => {
    const old = copy(plan.root, OVER)
    presentToo(plan, old, old)
  },
  'a renewed root, the new one presented, the trusted one over': (plan) => {
    presentToo(plan, copy(plan.root), plan.root)
    Object.assign(plan.root, OVER)
  },
  'a renewed root, both over, one since longer': (plan) => {
    const older = copy(plan.root, { notBefore: inDays(-30), notAfter: inDays(-20) })
    Object.assign(plan.root, OVER)
    trustFirst(plan, older, older)
  },
  'another root of the same name and key is trusted': (plan) => {
    const twin = copy(plan.root)
    plan.arrangements.push((all) => {
      all.presented.push(...all.trusted)
      all.trusted = [plan.write(twin, twin)]
    })
  },

  // Intermediates of one name.
  'two intermediates of one name and key, the first over': (plan) => presentFirst(plan, copy(plan.intermediate, OVER), plan.root),
  'two intermediates of one name and key, the second over': (plan) => presentToo(plan, copy(plan.intermediate, OVER), plan.root),
  'two intermediates of one name, the other key first, without identifiers': (plan) => {
    withoutIdentifiers(plan)
    presentFirst(plan, copy(plan.intermediate, { key: key('p256', 8) }), plan.root)
  },
  'two intermediates of one name, the other key second, without identifiers': (plan) => {
    withoutIdentifiers(plan)
    presentToo(plan, copy(plan.intermediate, { key: key('p256', 8) }), plan.root)
  },
  'two intermediates of one name, the other key first': (plan) =>
    presentFirst(plan, copy(plan.intermediate, { key: key('p256', 8) }), plan.root),
  'two intermediates of one name, the first no authority': (plan) => {
    const twin = copy(plan.intermediate)
    put(twin, basicConstraints(undefined))
    presentFirst(plan, twin, plan.root)
  },
  'two intermediates of one name, the first without keyCertSign': (plan) => {
    const twin = copy(plan.intermediate)
    put(twin, keyUsage('digitalSignature'))
    presentFirst(plan, twin, plan.root)
  },
  'an intermediate over is trusted, a valid one presented': (plan) => {
    const twin = copy(plan.intermediate, OVER)
    trustToo(plan, twin, plan.root)
  },
  'a valid intermediate is trusted, the one presented is over': (plan) => {
    trustToo(plan, copy(plan.intermediate), plan.root)
    Object.assign(plan.intermediate, OVER)
  },

  // Cross-signing and loops.
  'cross-signed, the root that is not trusted first': (plan) => {
    const stranger = authoritySheet('Stranger', key('p256', 8))
    const cross = copy(plan.intermediate)
    presentFirst(plan, stranger, stranger)
    presentFirst(plan, cross, stranger)
  },
  'cross-signed, the root that is not trusted last': (plan) => {
    const stranger = authoritySheet('Stranger', key('p256', 8))
    presentToo(plan, copy(plan.intermediate), stranger)
    presentToo(plan, stranger, stranger)
  },
  'cross-signed by one that nobody knows, first': (plan) =>
    presentFirst(plan, copy(plan.intermediate), authoritySheet('Stranger', key('p256', 8))),
  'the root cross-signed by another that is trusted alone': (plan) => {
    const other = authoritySheet('Other root', key('p256', 8))
    const cross = copy(plan.root)
    plan.arrangements.push((all) => {
      all.presented.push(plan.write(cross, other))
      all.trusted = [plan.write(other, other)]
    })
  },
  'the root cross-signed by another, both trusted': (plan) => {
    const other = authoritySheet('Other root', key('p256', 8))
    presentToo(plan, copy(plan.root), other)
    trustToo(plan, other, other)
  },
  'the root cross-signed by one that nobody knows': (plan) =>
    presentToo(plan, copy(plan.root), authoritySheet('Other root', key('p256', 8))),
  'the cross-signed root trusted, without its issuer': (plan) => {
    const other = authoritySheet('Other root', key('p256', 8))
    const cross = copy(plan.root)
    plan.arrangements.push((all) => {
      all.trusted = [plan.write(cross, other)]
    })
  },
  'the cross-signed root trusted, with its issuer': (plan) => {
    const other = authoritySheet('Other root', key('p256', 8))
    const cross = copy(plan.root)
    plan.arrangements.push((all) => {
      all.trusted = [plan.write(cross, other), plan.write(other, other)]
    })
  },
  'the cross-signed root trusted, its issuer presented': (plan) => {
    const other = authoritySheet('Other root', key('p256', 8))
    const cross = copy(plan.root)
    plan.arrangements.push((all) => {
      all.trusted = [plan.write(cross, other)]
      all.presented.push(plan.write(other, other))
    })
  },
  'a loop of two': (plan) => {
    const [one, two] = [authoritySheet('One', key('p256', 7)), authoritySheet('Two', key('p256', 8))]
    plan.sheets.splice(1, plan.sheets.length - 1, one)
    plan.arrangements.push((all) => {
      all.presented = [plan.write(plan.leaf, one), plan.write(one, two), plan.write(two, one)]
      all.trusted = [plan.write(one, one)]
    })
  },
  'a loop of two, nothing trusted': (plan) => {
    const [one, two] = [authoritySheet('One', key('p256', 7)), authoritySheet('Two', key('p256', 8))]
    plan.arrangements.push((all) => {
      all.presented = [plan.write(plan.leaf, one), plan.write(one, two), plan.write(two, one)]
      all.trusted = []
    })
  },
  'a loop of two, one of them trusted': (plan) => {
    const [one, two] = [authoritySheet('One', key('p256', 7)), authoritySheet('Two', key('p256', 8))]
    plan.arrangements.push((all) => {
      all.presented = [plan.write(plan.leaf, one), plan.write(one, two), plan.write(two, one)]
      all.trusted = [plan.write(two, one)]
    })
  },
  'a loop of two that are both trusted': (plan) => {
    const [one, two] = [authoritySheet('One', key('p256', 7)), authoritySheet('Two', key('p256', 8))]
    plan.arrangements.push((all) => {
      all.presented = [plan.write(plan.leaf, one)]
      all.trusted = [plan.write(one, two), plan.write(two, one)]
    })
  },
  'a web of cross-signs': (plan) => {
    const web = [5, 6, 7, 8].map((index) => authoritySheet(`Node ${index}`, key('p256', index)))
    plan.arrangements.push((all) => {
      const edges = web.flatMap((by) => web.filter((of) => of !== by).map((of) => plan.write(of, by)))
      all.presented = [plan.write(plan.leaf, web[0]), ...edges]
      all.trusted = [plan.write(web[3], web[3])]
    })
  },

  // Self-issued certificates: a key that was rolled over.
  'a self-issued intermediate, with identifiers': (plan) => {
    const next = copy(plan.root, { key: key('p256', 8) })
    presentToo(plan, next, plan.root)
    plan.intermediate.signer = next.key
    put(
      plan.intermediate,
      authorityKeyIdentifier(() => ({ identifier: next.key.identifier })),
    )
  },
  'a self-issued intermediate, without identifiers': (plan) => {
    withoutIdentifiers(plan)
    const next = copy(plan.root, { key: key('p256', 8) })
    presentToo(plan, next, plan.root)
    plan.intermediate.signer = next.key
  },
  'a self-issued leaf': (plan) => {
    plan.leaf.subject = plan.intermediate.subject
  },

  // A leaf that signed itself.
  'a self-signed leaf': alone(() => {}),
  'a self-signed leaf that is not trusted': (plan) => {
    alone(() => {})(plan)
    untrusted(plan)
  },
  'a self-signed leaf with CA:TRUE': alone((leaf) => put(leaf, basicConstraints(true))),
  'a self-signed leaf with CA:TRUE that is not trusted': (plan) => {
    alone((leaf) => put(leaf, basicConstraints(true)))(plan)
    untrusted(plan)
  },
  'a self-signed leaf with CA:TRUE and keyCertSign': alone((leaf) => put(leaf, basicConstraints(true), keyUsage('keyCertSign'))),
  'a self-signed leaf without extensions': alone((leaf) => {
    leaf.extensions = []
  }),
  'a self-signed leaf of version 1': alone((leaf) => {
    leaf.extensions = []
    leaf.version = 0
  }),
  'a self-signed leaf, over': alone((leaf) => void Object.assign(leaf, OVER)),
  'a self-signed leaf with a wrong signature': alone((leaf) => {
    leaf.badSignature = true
  }),
  'a self-signed leaf of the other purpose': (plan) => {
    alone(() => {})(plan)
    const other = leafSheet(plan.purpose === 'server' ? 'client' : 'server', plan.leaf.key)
    put(plan.leaf, .../** @type {any} */ (other.extensions.filter(({ id }) => id === ID.extKeyUsage)))
  },
  'a self-signed leaf with an unknown critical extension': alone((leaf) =>
    put(leaf, { id: ID.unknown, critical: true, value: Uint8Array.of(5, 0) }),
  ),
  'a self-signed leaf with another authorityKeyIdentifier': alone((leaf) =>
    put(
      leaf,
      authorityKeyIdentifier(() => ({ identifier: Uint8Array.of(1) })),
    ),
  ),
  'a self-signed leaf, its twin trusted': (plan) => {
    alone(() => {})(plan)
    const twin = copy(plan.leaf)
    plan.arrangements.push((all) => {
      all.trusted = [plan.write(twin, twin)]
    })
  },
  'a self-signed leaf with CA:TRUE, its twin trusted': (plan) => {
    alone((leaf) => put(leaf, basicConstraints(true), keyUsage('keyCertSign', 'digitalSignature')))(plan)
    const twin = copy(plan.leaf)
    plan.arrangements.push((all) => {
      all.trusted = [plan.write(twin, twin)]
    })
  },
  'a self-signed leaf, its renewal trusted, it over': (plan) => {
    alone(() => {})(plan)
    const twin = copy(plan.leaf)
    Object.assign(plan.leaf, OVER)
    plan.arrangements.push((all) => {
      all.trusted = [plan.write(twin, twin)]
    })
  },
  'a self-signed leaf with a name constraint that it breaks': alone((leaf) =>
    put(leaf, subjectAltName(['dns', 'www.bad.test']), subjectKeyIdentifier()),
  ),
  'the leaf is its own issuer, with the key of the root': (plan) => {
    plan.leaf.key = plan.root.key
    plan.leaf.subject = plan.root.subject
  },
  'a leaf that a leaf signed': (plan) => {
    const signer = leafSheet(plan.purpose, key('p256', 7))
    signer.subject = [['CN', 'signer']]
    plan.sheets.splice(1, 0, signer)
  },
}

/** @type {Setting[]} */
export const settings = Object.entries(TABLE).map(([name, apply]) => ({ name, apply }))
