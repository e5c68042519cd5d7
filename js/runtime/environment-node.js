// What the process was told, where there is one. Imported as `#environment`.
export { logKeys, toldDefaults, useOpensslCa, useSystemCa, verificationIsOff } from '../environment.js'
export { readExtraCertificates } from '../extra-certificates.js'
