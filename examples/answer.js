// Just enough of HTTP/1.1 to show what a server answers.

const LINE_END = [13, 10]
const HEAD_END = [13, 10, 13, 10]

/**
 * Take an answer apart.
 * @param {Uint8Array[]} chunks all of it
 * @return {Promise<{ status: string, body: string }>} the first line, and the text of the body
 */
export async function readAnswer(chunks) {
  const bytes = new Uint8Array(await new Blob(/** @type {any} */ (chunks)).arrayBuffer())
  const end = find(bytes, HEAD_END, 0)
  const head = text(end < 0 ? bytes : bytes.subarray(0, end))
  const rest = end < 0 ? new Uint8Array(0) : bytes.subarray(end + HEAD_END.length)
  const isChunked = /^transfer-encoding:.*chunked/im.test(head)
  return { status: head.split(/\r?\n/, 1)[0], body: isChunked ? dechunk(rest) : text(rest) }
}

const text = (bytes) => new TextDecoder().decode(bytes)

/** Undo the chunked transfer coding (RFC 9112, 7.1). */
function dechunk(bytes) {
  const decoder = new TextDecoder()
  let body = ''
  for (let from = 0; ; ) {
    const lineEnd = find(bytes, LINE_END, from)
    const size = lineEnd < 0 ? 0 : Number.parseInt(text(bytes.subarray(from, lineEnd)), 16)
    if (!(size > 0)) return body + decoder.decode()
    const start = lineEnd + LINE_END.length
    body += decoder.decode(bytes.subarray(start, start + size), { stream: true })
    from = start + size + LINE_END.length
  }
}

/** Where a sequence of bytes begins; -1 if it does not occur. */
function find(bytes, sequence, from) {
  for (let at = bytes.indexOf(sequence[0], from); at >= 0; at = bytes.indexOf(sequence[0], at + 1)) {
    if (sequence.every((byte, index) => bytes[at + index] === byte)) return at
  }
  return -1
}
