// Changes of DER that know its structure: elements that are left out, doubled, moved, emptied, of another type, wrapped.
import { concatenate, element } from '../der.js'

/** @typedef {{ tag: number, value: Uint8Array, children: Node[] | null }} Node */

/** Identifier octets to put in the place of others. */
const TAGS = [
  0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0c, 0x13, 0x16, 0x30, 0x31, 0x80, 0x81, 0x82, 0x86, 0x87, 0x88, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4,
]

const CONSTRUCTED = 0x20

/** What may be done to one of a list of nodes. @type {((list: Node[], index: number, choose: (limit: number) => number) => void)[]} */
const CHANGES = [
  (list, index) => void list.splice(index, 1),
  (list, index) => void list.splice(index, 0, list[index]),
  (list, index) => void list.unshift(...list.splice(index, 1)),
  (list, index) => void list.push(...list.splice(index, 1)),
  (list, index) => void list.splice(index, 1, { ...list[index], value: new Uint8Array(0), children: list[index].children && [] }),
  (list, index, choose) => void list.splice(index, 1, { ...list[index], tag: TAGS[choose(TAGS.length)] }),
  (list, index, choose) =>
    void list.splice(index, 1, { tag: TAGS[choose(TAGS.length)] | CONSTRUCTED, value: new Uint8Array(0), children: [list[index]] }),
  (list, index, choose) => void list.splice(index, 1, changeOctet(list[index], choose)),
  (list, index, choose) =>
    void list.splice(index + choose(2), 0, { tag: TAGS[choose(TAGS.length)], value: Uint8Array.of(choose(256)), children: null }),
]

/**
 * Change one thing in DER.
 * @param {Uint8Array} der
 * @param {(limit: number) => number} choose
 * @return {Uint8Array}
 */
export function changeStructure(der, choose) {
  const root = read(der)
  if (!root) return der
  const lists = listsOf(root)
  if (lists.length === 0) return der
  const list = lists[choose(lists.length)]
  CHANGES[choose(CHANGES.length)](list, choose(list.length), choose)
  return concatenate(...root.map(write))
}

/** The elements of bytes that are nothing else, or null. @return {Node[] | null} */
function read(bytes) {
  const nodes = []
  for (let offset = 0; offset < bytes.length; ) {
    const [tag, first, high, low] = bytes.subarray(offset, offset + 4)
    const [header, length] = first < 0x80 ? [2, first] : first === 0x81 ? [3, high] : first === 0x82 ? [4, high * 256 + low] : []
    const end = offset + header + length
    if (!(end <= bytes.length)) return null
    const value = bytes.slice(offset + header, end)
    nodes.push({ tag, value, children: tag & CONSTRUCTED ? read(value) : null })
    offset = end
  }
  return nodes
}

const write = ({ tag, value, children }) => element(tag, ...(children ? children.map(write) : [value]))

/** Every list of nodes that has some. */
function listsOf(nodes) {
  if (nodes.length === 0) return []
  return [nodes, ...nodes.flatMap(({ children }) => (children ? listsOf(children) : []))]
}

function changeOctet(node, choose) {
  if (node.children || node.value.length === 0) return node
  const value = node.value.slice()
  value[choose(value.length)] = [0, 0x80, 0xff, choose(256)][choose(4)]
  return { ...node, value }
}
