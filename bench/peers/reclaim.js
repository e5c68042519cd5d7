// @reclaimprotocol/tls, with WebCrypto: a client for TLS 1.2 and 1.3.
import net from 'node:net'
import { loadX509FromPem, makeTLSClient, setCryptoImplementation } from '@reclaimprotocol/tls'
import { webcryptoCrypto } from '@reclaimprotocol/tls/webcrypto'

setCryptoImplementation(webcryptoCrypto)

const VERSIONS = /** @type {const} */ ({ 'TLSv1.2': 'TLS1_2', 'TLSv1.3': 'TLS1_3' })

const CURVES = /** @type {const} */ ({ prime256v1: 'SECP256R1', X25519: 'X25519' })

const QUIET = { debug() {}, info() {}, warn() {}, error() {}, trace() {}, child: () => QUIET }

/** @type {import('../work/dial.js').Dial} */
export const dial = ({ port, setting, identity, onData, onEnd }) =>
  new Promise((resolve, reject) => {
    const socket = net.connect({ port, host: '127.0.0.1' })
    const tls = makeTLSClient({
      host: 'localhost',
      logger: /** @type {any} */ (QUIET),
      rootCAs: [loadX509FromPem(identity.ca)],
      supportedProtocolVersions: [VERSIONS[setting.version]],
      cipherSuites: [/** @type {any} */ (setting.cipher)],
      namedCurves: [CURVES[setting.group]],
      write({ header, content }) {
        socket.write(header)
        socket.write(content)
      },
      onHandshake() {
        const { version, cipherSuite, keyType } = tls.getMetadata()
        const protocol = Object.keys(VERSIONS).find((name) => VERSIONS[name] === version)
        resolve({
          agreed: { protocol, cipher: cipherSuite, group: keyType },
          write: (bytes) => tls.write(bytes),
          close: () => socket.end(),
        })
      },
      onApplicationData: onData,
      onTlsEnd(error) {
        reject(error)
        onEnd(error)
      },
    })
    socket.on('data', (/** @type {Buffer} */ chunk) => tls.handleReceivedBytes(chunk))
    socket.on('connect', () => tls.startHandshake())
    socket.on('error', reject)
    socket.on('close', () => onEnd())
  })
