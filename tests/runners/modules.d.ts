// Modules that only a bundle or a runtime has: see bundle.js.
declare module 'tests:implementation' {
  export const tls: any
  export const transport: any
}

declare module 'cloudflare:sockets' {
  export const connect: any
}

declare module 'cloudflare:node' {
  export const connectHandler: any
}
