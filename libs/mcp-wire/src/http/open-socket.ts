import net from 'node:net'
import tls from 'node:tls'
import type { TlsOptions } from './tls-options.ts'

/**
 * Opens a socket to the server.
 * @param onRead takes what comes, and must not keep the bytes: their memory is used for the next ones of any socket.
 * @param onConnected is called once it can be written to.
 */
export type OpenSocket = (onRead: (length: number, bytes: Buffer) => void, onConnected: () => void) => net.Socket

// All sockets read into the same memory, since each reading is over before the next one begins.
const readBuffer = Buffer.allocUnsafeSlow(65_536)

export function openPlain(url: URL): OpenSocket {
  const place = toPlace(url, 80)
  return (onRead, onConnected) => net.connect({ ...place, onread: readInto(onRead) }, onConnected)
}

/** Each opener keeps the session of its last connection, so that its next one starts with a shorter handshake. */
export function openTls(url: URL, options: TlsOptions = noOptions): OpenSocket {
  const place = toPlace(url, 443)
  const settings = {
    ...place,
    secureContext: contextOf(options),
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: options.rejectUnauthorized ?? true,
    ...(options.serverName !== undefined && { servername: options.serverName }),
    ...(options.serverName === undefined && net.isIP(place.host) === 0 && { servername: place.host }),
  }
  let session: Buffer | undefined
  return (onRead, onConnected) => {
    // Its type leaves out `onread`, which it documents.
    const given: tls.ConnectionOptions & { readonly onread: net.OnReadOpts } = { ...settings, onread: readInto(onRead) }
    const socket = tls.connect(session ? { ...given, session } : given, onConnected)
    return socket.on('session', (latest) => void (session = latest))
  }
}

function readInto(onRead: (length: number, bytes: Buffer) => void): net.OnReadOpts {
  return {
    buffer: readBuffer,
    callback: (length) => {
      onRead(length, readBuffer)
      // The socket may read on.
      return true
    },
  }
}

function toPlace({ hostname, port }: URL, usualPort: number) {
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? usualPort : Number(port),
    noDelay: true,
    // The end of what the server sends is looked at before this side ends, too.
    allowHalfOpen: true,
  }
}

const noOptions: TlsOptions = {}
const contexts = new WeakMap<TlsOptions, tls.SecureContext>()

/** A context holds all trusted certificates: one for each socket would take more memory than everything else together. */
function contextOf(options: TlsOptions): tls.SecureContext {
  const known = contexts.get(options)
  if (known) return known
  const { ca, cert, key, passphrase } = options
  const context = tls.createSecureContext({
    ...(ca !== undefined && { ca: [ca].flat() }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(passphrase !== undefined && { passphrase }),
  })
  contexts.set(options, context)
  return context
}
