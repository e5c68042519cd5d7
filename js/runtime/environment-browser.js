// Browsers have no process that was told anything. Imported as `#environment`.

/** @type {typeof import('../environment.js').toldDefaults} */
export const toldDefaults = { ciphers: undefined, minVersion: undefined, maxVersion: undefined }

export const useOpensslCa = false

export const useSystemCa = false

export const verificationIsOff = () => false

/** There is no file to log to. @type {typeof import('../environment.js').logKeys} */
export const logKeys = () => {}

/** There are no files. @type {typeof import('../extra-certificates.js').readExtraCertificates} */
export const readExtraCertificates = () => []
