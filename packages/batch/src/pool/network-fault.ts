/** Codes of Node and of its fetch for connections that break, are refused, or take too long. */
const codes = /^(ECONN|ETIMEDOUT|EAI_AGAIN|ENOTFOUND|EPIPE|EHOST|ENET|UND_ERR_(SOCKET|CONNECT|HEADERS|BODY|ABORTED))/;

/** Answers of servers that say "later". */
const later = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Whether the network or a server failed, so that the same request may succeed in a while. */
export function isNetworkFault(error: unknown): boolean {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++) {
    const { code, value } = at as Error & { readonly code?: unknown; readonly value?: unknown };
    if (typeof code === 'string' && codes.test(code)) return true;
    if (code === 'url-unreadable' && typeof value === 'number') return later.has(value);
    // fetch says no more than this when a body breaks off.
    if (at instanceof TypeError && /^(fetch failed|terminated)$/.test(at.message)) return true;
  }
  return false;
}
