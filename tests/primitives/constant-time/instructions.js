// A module with an export for each numeric, vector and memory instruction that the interpreter of this folder knows: to see that it does with
// each what V8 does. An export fills memory at random, runs the instruction on it, and gives back what came out.

/** Types, as the binary format has them. */
const I32 = 0x7f
const I64 = 0x7e
const F64 = 0x7c
const V128 = 0x7b

/** How a value of a type is read, and written. */
const READ = { [I32]: [0x28], [I64]: [0x29], [F64]: [0x2b], [V128]: [0xfd, 0x00] }
const WRITE = { [I32]: [0x36], [I64]: [0x37], [F64]: [0x39], [V128]: [0xfd, 0x0b] }

/** Where the result goes: behind three operands. */
const RESULT = 48

/** A number as the binary format has it. */
function unsigned(number) {
  const bytes = []
  for (let left = number; ; left >>>= 7) {
    if (left < 0x80) return [...bytes, left]
    bytes.push((left & 0x7f) | 0x80)
  }
}

const counted = (items) => [...unsigned(items.length), ...items.flat()]
const section = (id, content) => [id, ...unsigned(content.length), ...content]
const text = (characters) => counted([...new TextEncoder().encode(characters)])
const range = (first, last) => Array.from({ length: last - first + 1 }, (_, index) => first + index)
const vector = (opcode) => [0xfd, ...unsigned(opcode)]

/**
 * @typedef {object} Instruction
 * @property {number[]} code opcode and immediates
 * @property {number[]} takes types of its operands
 * @property {number | null} gives the type of its result
 */

/** @return {Instruction[]} of numbers */
function scalars() {
  const of = (opcodes, takes, gives) => opcodes.map((opcode) => ({ code: [opcode], takes, gives }))
  return [
    ...of([0x45, 0x67, 0x68, 0x69, 0xc0, 0xc1], [I32], I32),
    ...of([...range(0x46, 0x4f), ...range(0x6a, 0x78)], [I32, I32], I32),
    ...of([0x50, 0xa7], [I64], I32),
    ...of(range(0x51, 0x5a), [I64, I64], I32),
    ...of([0x79, 0x7a, 0x7b, 0xc2, 0xc3, 0xc4], [I64], I64),
    ...of(range(0x7c, 0x8a), [I64, I64], I64),
    ...of([0xac, 0xad], [I32], I64),
    ...of([0x99, 0x9a], [F64], F64),
    ...of([0xa0, 0xa1, 0xa2], [F64, F64], F64),
    ...of([0xbd], [F64], I64),
    ...of([0xbf], [I64], F64),
  ]
}

/** @return {Instruction[]} of vectors */
function vectors() {
  const of = (opcodes, takes, gives, immediate = []) => opcodes.map((opcode) => ({ code: [...vector(opcode), ...immediate], takes, gives }))
  const unary = [0x4d, 0x60, 0x61, 0x62, 0x80, 0x81, 0xa0, 0xa1, 0xc0, 0xc1, 0xec, 0xed, ...range(0x7c, 0x7f)]
  const extensions = [...range(0x87, 0x8a), ...range(0xa7, 0xaa), ...range(0xc7, 0xca)]
  const comparisons = [...range(0x23, 0x40), ...range(0xd6, 0xdb)]
  const bytes = [0x0e, ...range(0x4e, 0x51), 0x65, 0x66, ...range(0x6e, 0x73), ...range(0x76, 0x79), 0x7b]
  const shorts = [0x82, 0x85, 0x86, ...range(0x8e, 0x93), ...range(0x95, 0x99), 0x9b, ...range(0x9c, 0x9f)]
  const words = [0xae, 0xb1, ...range(0xb5, 0xba), ...range(0xbc, 0xbf), 0xce, 0xd1, 0xd5, ...range(0xdc, 0xdf)]
  const doubles = [0xf0, 0xf1, 0xf2]
  const shifts = [...range(0x6b, 0x6d), ...range(0x8b, 0x8d), ...range(0xab, 0xad), ...range(0xcb, 0xcd)]
  const lanes = (opcodes, count, takes, gives) => range(0, count - 1).flatMap((lane) => of(opcodes, takes, gives, [lane]))
  return [
    ...of([...unary, ...extensions], [V128], V128),
    ...of([...comparisons, ...bytes, ...shorts, ...words, ...doubles], [V128, V128], V128),
    ...of([0x52], [V128, V128, V128], V128),
    ...of(shifts, [V128, I32], V128),
    ...of([0x53, 0x63, 0x64, 0x83, 0x84, 0xa3, 0xa4, 0xc3, 0xc4], [V128], I32),
    ...of([0x0f, 0x10, 0x11], [I32], V128),
    ...of([0x12], [I64], V128),
    ...of([0x14], [F64], V128),
    ...lanes([0x15, 0x16], 16, [V128], I32),
    ...lanes([0x17], 16, [V128, I32], V128),
    ...lanes([0x18, 0x19], 8, [V128], I32),
    ...lanes([0x1a], 8, [V128, I32], V128),
    ...lanes([0x1b], 4, [V128], I32),
    ...lanes([0x1c], 4, [V128, I32], V128),
    ...lanes([0x1d], 2, [V128], I64),
    ...lanes([0x1e], 2, [V128, I64], V128),
    ...lanes([0x21], 2, [V128], F64),
    ...lanes([0x22], 2, [V128, F64], V128),
    ...of([0x0d], [V128, V128], V128, [31, 0, 17, 5, 5, 22, 9, 30, 1, 2, 16, 15, 8, 23, 12, 19]),
  ]
}

/** @return {Instruction[]} of memory: the address is a constant before the other operands */
function accesses() {
  const address = [0x41, 0x03]
  const memory = [0x00, 0x02]
  const loads = (opcodes, gives, prefix = []) =>
    opcodes.map((opcode) => ({ code: [...address, ...prefix, opcode, ...memory], takes: [], gives }))
  // Into the place of the result.
  const target = [0x41, RESULT - 2]
  const stores = (opcodes, type, prefix = []) =>
    opcodes.map((opcode) => ({ before: target, code: [...prefix, opcode, ...memory], takes: [type], gives: null }))
  const lanes = [0, 1, 2, 3].flatMap((size) =>
    range(0, (16 >> size) - 1).flatMap((lane) => [
      { before: address, code: [0xfd, 0x54 + size, ...memory, lane], takes: [V128], gives: V128 },
      { before: target, code: [0xfd, 0x58 + size, ...memory, lane], takes: [V128], gives: null },
    ]),
  )
  return [
    ...loads([0x28, ...range(0x2c, 0x2f)], I32),
    ...loads([0x29, ...range(0x30, 0x35)], I64),
    ...loads([...range(0x00, 0x0a), 0x5c, 0x5d], V128, [0xfd]),
    ...stores([0x36, 0x3a, 0x3b], I32),
    ...stores([0x37, ...range(0x3c, 0x3e)], I64),
    ...stores([0x0b], V128, [0xfd]),
    ...lanes,
    // memory.copy that overlaps, memory.fill.
    { code: [0x41, RESULT - 4, 0x41, RESULT - 10, 0x41, 0x0c, 0xfc, 0x0a, 0x00, 0x00], takes: [], gives: null },
    { before: [0x41, RESULT + 1], code: [0x41, 0x09, 0xfc, 0x0b, 0x00], takes: [I32], gives: null },
  ]
}

/** The body of an export; `same` reads all operands from one place. */
function body({ before = [], code, takes, gives }, same) {
  const operands = takes.flatMap((type, index) => [0x41, same ? 0 : 16 * index, ...READ[type], 0x00, 0x00])
  const written =
    gives === null ? [...before, ...operands, ...code] : [0x41, RESULT, ...before, ...operands, ...code, ...WRITE[gives], 0x00, 0x00]
  const half = (place) => [0x41, place, ...READ[I64], 0x00, 0x00]
  const digest = [...half(RESULT), ...half(RESULT + 8), 0x42, 0x0d, 0x89, 0x85]
  // random(0, 64); the instruction; the halves of its result in one.
  const all = [0x00, 0x41, 0x00, 0x41, 0xc0, 0x00, 0x10, 0x00, ...written, ...digest, 0x0b]
  return [...unsigned(all.length), ...all]
}

/** @return {Uint8Array} the module */
export function instructionsModule() {
  const functions = [...scalars(), ...vectors(), ...accesses()].flatMap((instruction) => [
    { name: `ct_${Buffer.from(instruction.code).toString('hex')}`, code: body(instruction, false) },
    { name: `ct_${Buffer.from(instruction.code).toString('hex')}_same`, code: body(instruction, true) },
  ])
  const types = counted([
    [0x60, 0x02, I32, I32, 0x00],
    [0x60, 0x00, 0x01, I64],
  ])
  const exported = functions.map(({ name }, index) => [...text(name), 0x00, ...unsigned(index + 1)])
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, types),
    ...section(2, counted([[...text('constant-time'), ...text('random'), 0x00, 0x00]])),
    ...section(3, counted(functions.map(() => [0x01]))),
    ...section(5, counted([[0x00, 0x01]])),
    ...section(7, counted([[...text('memory'), 0x02, 0x00], ...exported])),
    ...section(10, counted(functions.map(({ code }) => code))),
  ])
}
