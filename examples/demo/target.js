// HOST:PORT, as a person writes it.

/**
 * @param {string} text `example.com:443`, `192.0.2.1:8443`, `[2001:db8::1]:443`; without a port, 443 is meant
 * @return {{ host: string, port: number, servername?: string }} `servername` where the host is a name, not an address
 * @throws {Error} with words for the person
 */
export function parseTarget(text) {
  const [, address, name, digits = '443'] = /^(?:\[([\da-f:.]+)\]|([^\s:/[\]]+))(?::(\d{1,5}))?$/i.exec(text.trim()) ?? []
  const port = Number(digits)
  if (!(address || name) || port < 1 || port > 65535) {
    throw new Error(`'${text}' is not HOST:PORT, such as example.com:443, 127.0.0.1:8443 or [::1]:443`)
  }
  const isAddress = address || /^[\d.]+$/.test(name)
  return { host: address ?? name, port, ...(!isAddress && { servername: name }) }
}

/** The opposite of `parseTarget`. */
export const formatTarget = ({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`
