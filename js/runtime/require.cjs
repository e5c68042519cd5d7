// `require`: Deno asks for it as Node does, but must get what its `import` gets.
module.exports = globalThis.Deno ? require('./deno.js') : require('../../dist/runtime/node.cjs')
