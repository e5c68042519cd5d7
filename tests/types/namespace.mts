// Our namespace in the place of Node's: compiled with several versions of Node's declarations (tsconfig.node-*.json).
import type * as node from 'node:tls'
import type tls from 'isomorphic-tls'

/** The names of theirs that ours is no substitute for. */
type Differing<Ours, Theirs> = { [Name in keyof Theirs]-?: Ours extends Pick<Theirs, Name> ? never : Name }[keyof Theirs]

/** Names must be of a list: one that is not is in the compiler's message. */
const only =
  <List,>() =>
  <_Names extends List>() => {}

// Nothing differs.
only<never>()<Differing<tls.Namespace, typeof node>>()
only<never>()<Differing<tls.TLSSocket, node.TLSSocket>>()
only<never>()<Differing<tls.Server, node.Server>>()
only<never>()<Differing<tls.SecureContext, node.SecureContext>>()
only<never>()<Differing<tls.PeerCertificate, node.PeerCertificate>>()

// What a program has as Node's options is good for ours.
export const connectionOptions = (options: node.ConnectionOptions): tls.ConnectionOptions => options
export const contextOptions = (options: node.SecureContextOptions): tls.SecureContextOptions => options
export const socketOptions = (options: node.TLSSocketOptions): tls.TLSSocketOptions => options
export const serverOptions = (options: node.TlsOptions): tls.TlsOptions => options
export const namespace = (ours: tls.Namespace): typeof node => ours
