// The one mutable object that is `require('tls')`: internals read defaults and replaceable functions through it, so that
// `tls.DEFAULT_MAX_VERSION = ...` and a replaced `tls.createSecureContext` count. js/index.js fills it.

/** @type {any} */
export const tls = {}
