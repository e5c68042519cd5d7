// What `tls.init()` is given, as a compiled module.
import { readFile } from '#platform'
import { makeError } from './errors.js'

/**
 * Compile the engine.
 * @param {any} engine a module, which is compiled already; its bytes; a Response that brings them; or where they are
 * @return {Promise<WebAssembly.Module>}
 */
export async function compileEngine(engine) {
  if (engine instanceof WebAssembly.Module) return engine
  if (engine instanceof ArrayBuffer || ArrayBuffer.isView(engine)) return compileBytes(engine)
  if (typeof engine === 'string' || engine instanceof URL) return compileFrom(String(engine))
  if (typeof Response === 'function' && engine instanceof Response) return compileResponse(engine, engine.url || 'a Response')
  throw makeError('ERR_INVALID_ARG_TYPE', ['engine', 'the module of isomorphic-tls/tls.wasm, its bytes, a Response, or a URL', engine])
}

async function compileBytes(bytes) {
  try {
    return await WebAssembly.compile(bytes)
  } catch (cause) {
    throw makeError('ERR_TLS_INVALID_ENGINE', [cause.message], { cause })
  }
}

/** @param {string} url */
async function compileFrom(url) {
  let found
  try {
    // Node fetches no files.
    found = readFile && url.startsWith('file:') ? readFile(new URL(url)) : await fetch(url)
  } catch (cause) {
    throw notFound(url, cause.message, cause)
  }
  return found instanceof Uint8Array ? compileBytes(found) : compileResponse(found, url)
}

/**
 * @param {Response} response
 * @param {string} url where it is of
 */
async function compileResponse(response, url) {
  if (!response.ok) throw notFound(url, `HTTP status ${response.status}`)
  const type = response.headers.get('content-type') ?? 'of no type'
  try {
    // Nothing of another type may be compiled while it comes.
    if (type === 'application/wasm' && WebAssembly.compileStreaming) return await WebAssembly.compileStreaming(response)
    return await WebAssembly.compile(await response.arrayBuffer())
  } catch (cause) {
    // A server may have a page for whatever it does not have.
    throw notFound(url, cause instanceof WebAssembly.CompileError ? `what is there (${type}) is no WebAssembly` : cause.message, cause)
  }
}

const notFound = (url, why, cause) => makeError('ERR_TLS_ENGINE_NOT_FOUND', [url, why], { cause })
