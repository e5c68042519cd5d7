// The certificates of a run, as the agents get them.

/**
 * @param {string} host the URL of the host
 * @return {(name: string) => Promise<{ key: string, chain: string, ca: string }>} asks once for each
 */
export function identitiesOf(host) {
  const known = new Map()
  return (name) => {
    if (!known.has(name)) {
      known.set(
        name,
        fetch(`${host}/certificate/${name}`).then((response) => response.json()),
      )
    }
    return known.get(name)
  }
}
