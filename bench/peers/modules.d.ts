// The other implementations: packages that are there only where they are measured.
declare module 'node-forge'
declare module '@reclaimprotocol/tls'
declare module '@reclaimprotocol/tls/webcrypto'
declare module 'subtls'
declare module '@mercuryworkshop/wisp-js/server'
declare module '@mercuryworkshop/wisp-js/client'
