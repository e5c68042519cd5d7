// The kinds of general names: the numbers of the choices (RFC 5280, 4.2.1.6).

export const OTHER = 0
export const EMAIL = 1
export const DNS = 2
export const X400 = 3
export const DIRECTORY = 4
export const EDI_PARTY = 5
export const URI = 6
export const IP = 7
export const REGISTERED_ID = 8
