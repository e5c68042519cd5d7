// `isomorphic-tls/roots`: Mozilla's root certificates, for runtimes that have no list of their own (browsers, Workers), or that ask a
// permission for it (Deno). To import it is enough for `tls.rootCertificates`.
import base64 from '../dist/roots.js'
import { provideRootCertificates } from './ca-certificates.js'
import { wrapPem } from './pem.js'

/** PEM, without a newline at the end, as Node's. @type {readonly string[]} */
const roots = Object.freeze(base64.map((letters) => wrapPem(letters).trimEnd()))

provideRootCertificates(roots)

export default roots
