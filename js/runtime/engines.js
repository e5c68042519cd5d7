// Which of the two engines a runtime is to have: pkg/ has one that every runtime can compile, and one that is faster where instructions
// of relaxed SIMD are understood.

/** A module with such an instruction, i8x16.relaxed_swizzle. */
const RELAXED = [
  ...[0, 97, 115, 109, 1, 0, 0, 0], // \0asm, version 1
  ...[1, 5, 1, 96, 0, 1, 123], // a type: a function that gives a v128
  ...[3, 2, 1, 0], // a function of it
  ...[10, 15, 1, 13, 0, 65, 1, 253, 15, 65, 2, 253, 15, 253, 128, 2, 11], // i32.const 1, i8x16.splat, the same of 2, the instruction
]

/** Whether the runtime understands it. */
export const hasRelaxedSimd = () => WebAssembly.validate(Uint8Array.from(RELAXED))
