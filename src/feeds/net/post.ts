/** An address that does not answer within this is given up. */
const timeoutMs = 5000;

/**
 * Sends JSON to one address, and nowhere else: redirects are refused, the reply is not read, nothing is tried again.
 *
 * @returns what went wrong, in words; empty when it was taken
 */
export async function postJson(url: string, body: unknown): Promise<string> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'error',
      credentials: 'omit',
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.body?.cancel();
    return response.ok ? '' : `refused with status ${response.status}`;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'TimeoutError') return 'no answer within 5 s';
    return 'could not be reached, or sent on to another address';
  }
}
