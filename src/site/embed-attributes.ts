/** What `embed.html?…` takes, by the names of the element's attributes. */
const taken = ['symbol', 'window', 'mode', 'theme', 'palette', 'lang', 'src', 'about'] as const;

/** The type of the message that tells the page around how high the frame is best: `{type, height}`, CSS pixels. */
export const heightMessage = 'liquidation-map:height';

/**
 * Attributes of the element that a frame's address asks for. Without `src` it is the snapshot of the symbol beside the page.
 *
 * @example
 * embedAttributes('?symbol=ETH&mode=heatmap') // [['symbol', 'ETH'], ['mode', 'heatmap'], ['src', 'snapshots/ETH.json']]
 */
export function embedAttributes(search: string): [name: string, value: string][] {
  const asked = new URLSearchParams(search);
  const found = taken.flatMap((name): [string, string][] => {
    const value = asked.get(name);
    return value ? [[name, value]] : [];
  });
  const symbol = asked.get('symbol') ?? '';
  if (!asked.get('src')) found.push(['src', `snapshots/${encodeURIComponent(symbol)}.json`]);
  return found;
}
