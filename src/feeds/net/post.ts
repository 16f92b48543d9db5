/** Why an address did not take what was sent: refused, too slow, or not there, may not be asked, or sends on to another. */
export type PostProblem = { kind: 'status'; status: number } | { kind: 'timeout' | 'unreached' };

/** An address that does not answer within this is given up. */
const timeoutMs = 5000;

/**
 * Sends JSON to one address, and nowhere else: redirects are refused, the reply is not read, nothing is tried again.
 *
 * @returns what went wrong; undefined when it was taken
 */
export async function postJson(url: string, body: unknown): Promise<PostProblem | undefined> {
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
    return response.ok ? undefined : { kind: 'status', status: response.status };
  } catch (cause) {
    const isSlow = cause instanceof DOMException && cause.name === 'TimeoutError';
    return { kind: isSlow ? 'timeout' : 'unreached' };
  }
}
