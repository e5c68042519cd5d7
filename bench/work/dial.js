// A client's connection to a server, as the least that every implementation can do: what implementations of other faces are measured by.

/**
 * @typedef {object} Dialled
 * @property {{ protocol: string, cipher: string, group: string }} agreed
 * @property {(bytes: Uint8Array) => unknown} write
 * @property {() => unknown} close
 *
 * @typedef {object} Wanted
 * @property {number} port on the loopback interface; the server's name is `localhost`
 * @property {import('./connections.js').Setting} setting
 * @property {{ ca: string }} identity what the server's certificate is to be verified with
 * @property {(bytes: Uint8Array) => void} onData
 * @property {(error?: Error) => void} onEnd
 *
 * @typedef {(wanted: Wanted) => Promise<Dialled>} Dial resolves when the handshake is done and the server's certificate was verified
 */

const LOOPBACK = '127.0.0.1'

/**
 * The dialler of a module with the face of node:tls.
 * @param {any} tls
 * @param {(port: number) => any} [transport] makes what is below TLS; default: TCP
 * @return {Dial}
 */
export function diallerOf(tls, transport) {
  /** The certificates are read once a setting, as programs do that connect often. @type {Map<string, any>} */
  const contexts = new Map()
  /** @type {(setting: import('./connections.js').Setting, identity: { ca: string }) => any} */
  const contextOf = ({ version, cipher, group }, { ca }) => {
    const key = JSON.stringify([version, cipher, group, ca])
    if (!contexts.has(key)) {
      const versions = version ? { minVersion: version, maxVersion: version } : {}
      const options = { ...versions, ...(cipher && { ciphers: cipher }), ...(group && { ecdhCurve: group }) }
      contexts.set(key, tls.createSecureContext({ ...options, ca }))
    }
    return contexts.get(key)
  }
  return ({ port, setting, identity, onData, onEnd }) =>
    new Promise((resolve, reject) => {
      const below = transport ? { socket: transport(port) } : { port, host: LOOPBACK }
      const client = tls.connect({ ...below, servername: 'localhost', secureContext: contextOf(setting, identity) }, () => {
        const { name } = client.getCipher()
        const group = client.getEphemeralKeyInfo?.()?.name ?? ''
        resolve({
          agreed: { protocol: client.getProtocol(), cipher: name, group },
          write: (bytes) => client.write(bytes),
          close: () => client.end(),
        })
      })
      client.on('data', onData)
      client.on('error', (error) => {
        reject(error)
        onEnd(error)
      })
      client.on('close', () => onEnd())
    })
}
