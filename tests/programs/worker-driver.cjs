// As drivers are: CommonJS, with Node's name for the module.
// biome-ignore lint/style/useNodejsImportProtocol: the alias is to be met as drivers have it
const tls = require('tls')

exports.tls = tls

/** Connect, say something, and tell what comes back. */
exports.echo = (options, text) =>
  new Promise((resolve, reject) => {
    const socket = tls.connect(options, () => socket.write(text))
    socket.on('error', reject)
    socket.on('data', (chunk) => {
      resolve({ echo: String(chunk), authorized: socket.authorized, protocol: socket.getProtocol() })
      socket.destroy()
    })
  })
