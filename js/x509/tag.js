// The numbers of BER's universal tags (X.690, 8). Constants of their own, so that bundlers write the numbers.

export const BOOLEAN = 1
export const INTEGER = 2
export const BIT_STRING = 3
export const OCTET_STRING = 4
export const NULL = 5
export const OBJECT_IDENTIFIER = 6
export const ENUMERATED = 10
export const UTF8_STRING = 12
export const SEQUENCE = 16
export const SET = 17
export const NUMERIC_STRING = 18
export const PRINTABLE_STRING = 19
export const TELETEX_STRING = 20
export const IA5_STRING = 22
export const UTC_TIME = 23
export const GENERALIZED_TIME = 24
export const UNIVERSAL_STRING = 28
export const BMP_STRING = 30
