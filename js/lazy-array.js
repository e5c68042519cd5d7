// What a module exports by name is made when the module loads, unless it is one of these.

/** What can be asked of an object. */
const TRAPS = /** @type {const} */ ([
  'defineProperty',
  'deleteProperty',
  'get',
  'getOwnPropertyDescriptor',
  'has',
  'isExtensible',
  'ownKeys',
  'preventExtensions',
  'set',
])

/**
 * A frozen array that is made when it is first looked at.
 * @template T
 * @param {() => readonly T[]} make
 * @return {readonly T[]}
 */
export function lazyArray(make) {
  /** @type {T[]} */
  const array = []
  const made = () => {
    if (Object.isExtensible(array)) {
      array.push(...make())
      Object.freeze(array)
    }
    return array
  }
  const handler = Object.fromEntries(
    TRAPS.map((trap) => [trap, (_, ...parameters) => Reflect.apply(Reflect[trap], null, [made(), ...parameters])]),
  )
  return new Proxy(array, handler)
}
