// Programs that are wrong: each line that follows a `@ts-expect-error` must be refused.
import tls from 'isomorphic-tls'
import { connectWebSocket, toDuplex } from 'isomorphic-tls/transport'

// @ts-expect-error: somewhere to connect to
tls.connect()
// @ts-expect-error: an option that there is not
tls.connect({ port: 8000, sevrername: 'localhost' })
// @ts-expect-error: a policy that there is not
tls.connect({ port: 8000, ocspPolicy: 'always' })
// @ts-expect-error: several keys
tls.connect({ port: 8000, pinnedKeys: 'sha256/' })
// @ts-expect-error: clients staple nothing
tls.createServer({ ocspPolicy: 'verify' })
// @ts-expect-error: an answer, not a word
tls.connect({ port: 8000, verifyPeer: () => 'yes' })
// @ts-expect-error: a type that there is not
tls.connect(8000).getChannelBinding('tls-best')
// @ts-expect-error: a version that there is not
tls.connect({ port: 8000, minVersion: 'TLSv1.4' })
// @ts-expect-error: a transport
tls.connect({ socket: 'localhost' })
// @ts-expect-error: a transport
tls.connect({ connector: () => 5 })
// @ts-expect-error: PEM or DER
tls.createSecureContext({ ca: 5 })
// @ts-expect-error: an identity and a key
tls.connect({ port: 8000, pskCallback: () => ({ psk: 'key' }) })
// @ts-expect-error: a number
tls.CLIENT_RENEG_LIMIT = '5'
// @ts-expect-error: an engine
tls.init(5)
// @ts-expect-error: a name that there is not
tls.connectSecurely
// @ts-expect-error: a listener
tls.createServer(5)
// @ts-expect-error: a name and a context
tls.createServer().addContext('example.com')
// @ts-expect-error: bytes
tls.createServer().setTicketKeys('keys')
// @ts-expect-error: read only
tls.connect(8000).closeNotifyReceived = true
// @ts-expect-error: a number
tls.connect(8000).setMaxSendFragment('512')
// @ts-expect-error: bytes have no such method
tls.connect(8000).on('session', (session) => session.nothing())
// @ts-expect-error: a URL
connectWebSocket(5)
// @ts-expect-error: what carries bytes
toDuplex(new Map())
