// The browser's side of the tunnel: a WebSocket whose binary messages are the bytes of a TCP connection. TLS is spoken through
// it, by the page with the server; the tunnel has no key to it.

/**
 * Have a TCP connection made: a connector for `tls.connect`.
 * @param {object} options
 * @param {string} options.host
 * @param {number} options.port
 * @param {string} [options.watch] under which name the tunnel tells what it sees
 * @return {Promise<WebSocket>} rejects with the tunnel's reason when it can not connect
 */
export function openTunnel({ host, port, watch }) {
  const query = new URLSearchParams({ host, port: String(port), ...(watch && { watch }) })
  const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/tunnel?${query}`)
  return new Promise((resolve, reject) => {
    // A browser does not tell why a WebSocket was refused. So this one opens in any case; then comes either a first message, a text,
    // which says that TCP is connected, or the reason why it is not.
    socket.addEventListener('message', () => resolve(socket), { once: true })
    socket.addEventListener('close', ({ reason }) => {
      const [, code, message] = /^(\w+): (.*)/s.exec(reason) ?? ['', 'ERR_TLS_TRANSPORT_FAILED', reason || 'the tunnel can not be reached']
      reject(Object.assign(new Error(message), { code }))
    })
  })
}
