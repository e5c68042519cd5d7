// Mozilla's root certificates, for the tests that read them.

/** Where the runtime has a list of its own. */
export const WITH_ROOTS = ['node-20', 'node-26', 'deno', 'bun']

/**
 * Have `rootCertificates` work, where the runtime has no list of its own.
 * @param {import('./harness.js').Trial} t
 */
export async function bringRoots(t) {
  if (!WITH_ROOTS.includes(t.runtime)) await import('isomorphic-tls/roots')
}
