// Requests one after the other, and what became of each, in a form that survives JSON.
import { request } from '../client.js'

/**
 * @typedef {{ answer?: Awaited<ReturnType<typeof request>>, error?: { code: string, message: string } }} Outcome
 */

/**
 * @param {any} tls
 * @param {any[]} requests options for `request`
 * @return {Promise<Outcome[]>}
 */
export async function attemptAll(tls, requests) {
  const outcomes = []
  for (const options of requests) outcomes.push(await attempt(tls, options))
  return outcomes
}

async function attempt(tls, options) {
  try {
    return { answer: await request(tls, options) }
  } catch (error) {
    // Where several addresses of a host were tried, the words are in the errors of each.
    const message = error.message || error.errors?.[0]?.message || String(error)
    return { error: { code: error.code ?? error.name, message } }
  }
}
