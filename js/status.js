// The flags of a status word: src/connection/status.rs. To be imported as a namespace, of which bundlers write numbers.

export const CIPHERTEXT = 1
export const PLAINTEXT = 2
export const PEER_IDENTITY = 4
export const HANDSHAKE_DONE = 8
export const PEER_CLOSED = 16
export const FAILED = 32
export const CLIENT_HELLO = 64
export const SESSION = 128
export const KEY_LINES = 256
