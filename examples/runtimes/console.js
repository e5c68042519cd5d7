// Node and Deno. The argument is a list of requests in JSON; the outcomes are printed as JSON.
import process from 'node:process'
import tls from 'isomorphic-tls'
import { attemptAll } from './attempt.js'

console.log(JSON.stringify(await attemptAll(tls, JSON.parse(process.argv[2]))))
