import { Snapshot } from '../protocol/snapshot';
import type { Speak } from '../ui/languages';

/** A snapshot is some 500 kB; what is far larger is none. */
const mostBytes = 4_000_000;
/** Lists in objects in lists: a snapshot is eight deep. */
const deepest = 16;
/** A file that takes longer than this does not come any more, ms. */
const patienceMs = 20_000;

/**
 * The snapshot at an address, or a sentence on why there is none. Size and depth are bounded before anything is parsed.
 *
 * @throws what the signal was aborted with
 */
export async function readSnapshot(
  src: string,
  speak: Speak,
  get: typeof fetch,
  signal: AbortSignal,
): Promise<Snapshot | string> {
  const patience = AbortSignal.timeout(patienceMs);
  let text: string | undefined;
  try {
    const response = await get(src, { signal: AbortSignal.any([signal, patience]) });
    if (!response.ok) return speak('widget_notLoaded', src, `HTTP ${response.status}`);
    text = await boundedText(response);
  } catch {
    signal.throwIfAborted();
    return speak('widget_notLoaded', src, speak(patience.aborted ? 'widget_tooSlow' : 'widget_noConnection'));
  }
  if (text === undefined) return speak('widget_notSnapshot', src, speak('widget_tooLarge'));
  if (depthOf(text) > deepest) return speak('widget_notSnapshot', src, speak('widget_tooDeep'));
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return speak('widget_notSnapshot', src, 'JSON');
  }
  const wrong = Snapshot(json);
  return wrong === undefined
    ? (json as Snapshot)
    : speak('widget_notSnapshot', src, wrong.replace(/^[.:] ?/, ''));
}

/** The body as text; undefined, and the rest left where it is, once it is larger than any snapshot. */
async function boundedText({ body }: Response): Promise<string | undefined> {
  if (!body) return '';
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let text = '';
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.length;
    if (bytes > mostBytes) {
      void reader.cancel();
      return undefined;
    }
    text += decoder.decode(value, { stream: true });
  }
}

/** How deep lists and objects of JSON lie in each other; brackets inside strings are none. */
function depthOf(text: string): number {
  let depth = 0;
  let most = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"?|[[{]|[\]}]/g)) {
    if (token === '[' || token === '{') most = Math.max(most, ++depth);
    else if (token === ']' || token === '}') depth--;
  }
  return most;
}
