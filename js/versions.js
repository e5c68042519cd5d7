// The wire's numbers of TLS versions (RFC 8446, 4.2.1).

export const TLS12 = 0x0303
export const TLS13 = 0x0304
