/**
 * Whether a match pattern of the manifest covers an address.
 *
 * @example
 * covers('https://*.tradingview.com/*', 'https://de.tradingview.com/chart/') // true
 */
export function covers(pattern: string, url: string): boolean {
  const { protocol, hostname } = new URL(url);
  const host = /^https:\/\/([^/]+)\/\*$/.exec(pattern)?.[1];
  if (host === undefined || protocol !== 'https:') return false;
  return host.startsWith('*.')
    ? hostname === host.slice(2) || hostname.endsWith(host.slice(1))
    : hostname === host;
}
