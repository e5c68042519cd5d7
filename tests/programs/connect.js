// Connects with the defaults, and prints 'connected' or the code of the error. Arguments: a port, a host.
import process from 'node:process'
import tls from 'isomorphic-tls'

const socket = tls.connect({ port: Number(process.argv[2]), host: process.argv[3] })
socket.on('secureConnect', () => {
  console.log('connected')
  socket.destroy()
})
socket.on('error', (error) => console.log(error.code))
