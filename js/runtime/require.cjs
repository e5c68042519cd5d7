// `require`: Deno asks for it as Node does, but must get what its `import` gets.
// Not a name for bundlers to read: they can make nothing of Deno's entry.
const deno = './deno.js'
module.exports = globalThis.Deno ? require(deno) : require('../../dist/runtime/node.cjs')
