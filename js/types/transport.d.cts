// The declarations of `isomorphic-tls/transport`: what `require` gives.
import type * as esm from '../transport/index.js' with { 'resolution-mode': 'import' }

export const connectWebSocket: typeof esm.connectWebSocket
export const fromWebSocket: typeof esm.fromWebSocket
export const fromWebStreams: typeof esm.fromWebStreams
export const toDuplex: typeof esm.toDuplex
