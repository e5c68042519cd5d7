/**
 * Requests to the Worker under test, other than the one that runs the tests: for tests of several requests in one isolate.
 * @type {Map<string, (request: Request, modules: { tls: any, net: any }) => Response | Promise<Response>>}
 */
export const routes = new Map()
