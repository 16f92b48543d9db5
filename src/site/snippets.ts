import { heightMessage } from './embed-attributes';

/** What the builder's form says. Empty: not written. */
export interface Choice {
  symbol: string;
  window: string;
  mode: string;
  theme: string;
  palette: string;
  lang: string;
  height: string;
  src: string;
  /** Where the script, `embed.html` and the snapshots lie. */
  base: string;
}

/** What the element does without being told. */
const usual: Partial<Choice> = { window: '24h', mode: 'levels', theme: 'auto', palette: 'viridis' };

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (char) => entities[char]!);

/** Attributes that have to be written, in the order of the reference. */
export function attributesOf(choice: Choice): [name: string, value: string][] {
  const { base: _, ...written } = choice;
  return Object.entries(written).filter(
    ([name, value]) => value !== '' && usual[name as keyof Choice] !== value,
  );
}

const absolute = (path: string, base: string): string =>
  URL.canParse(path, base) ? new URL(path, base).href : path;

const alt = ({ symbol }: Choice) => `Estimated liquidation levels of ${symbol}`;

/** The snapshot's picture. */
const pictureOf = ({ src, base }: Choice) => absolute(src, base).replace(/\.json$/, '');

/** Where a frame finds the same map. */
function frameOf(choice: Choice): string {
  const address = new URL(absolute('embed.html', choice.base), 'https://cdn.example/');
  for (const [name, value] of attributesOf(choice))
    if (name !== 'height') address.searchParams.set(name, value);
  return address.href;
}

const frameTag = (choice: Choice) =>
  `<iframe class="liquidation-map" src="${escaped(frameOf(choice))}" title="${escaped(alt(choice))}" width="100%" height="${escaped(choice.height || '440')}" loading="lazy" style="border:0"></iframe>`;

/** What to copy, by the name of the way. */
export function snippetsOf(
  choice: Choice,
): Record<'script' | 'iframe' | 'image' | 'oembed' | 'discovery', string> {
  const picture = escaped(pictureOf(choice));
  const attributes = attributesOf({ ...choice, src: absolute(choice.src, choice.base) })
    .map(([name, value]) => ` ${name}="${escaped(value)}"`)
    .join('');
  const image = `<img src="${picture}.png" alt="${escaped(alt(choice))}" width="1200" height="630" style="max-width:100%;height:auto">`;
  return {
    script: `<script src="${escaped(absolute('liquidation-map.iife.js', choice.base))}" async></script>\n<liquidation-map${attributes}>\n  ${image}\n</liquidation-map>`,
    iframe: `${frameTag(choice)}\n<script>\n  addEventListener('message', ({ data, source }) => {\n    for (const frame of document.querySelectorAll('iframe.liquidation-map'))\n      if (frame.contentWindow === source && data?.type === '${heightMessage}') frame.height = Number(data.height) || frame.height;\n  });\n</script>`,
    image: `<picture>\n  <source srcset="${picture}-dark.png" media="(prefers-color-scheme: dark)">\n  ${image}\n</picture>`,
    oembed: JSON.stringify(
      {
        version: '1.0',
        type: 'rich',
        title: alt(choice),
        width: 720,
        height: Number(choice.height) || 440,
        html: frameTag(choice),
        thumbnail_url: `${pictureOf(choice)}.png`,
        thumbnail_width: 1200,
        thumbnail_height: 630,
        cache_age: 300,
      },
      null,
      2,
    ),
    discovery: `<link rel="alternate" type="application/json+oembed" href="${escaped(absolute('oembed.json', choice.base))}" title="${escaped(alt(choice))}">`,
  };
}
