import type { FeedHealth } from '../protocol/view';

export type ShownState = FeedHealth['state'] | 'unknown';

const shapes: Record<ShownState, string> = {
  ok: 'good',
  starting: 'wait',
  late: 'trouble',
  limited: 'trouble',
  permission: 'trouble',
  odd: 'trouble',
  blocked: 'gone',
  down: 'gone',
  unlisted: 'wait',
  off: 'wait',
  unknown: 'wait',
};

/** State by shape and colour; the words stand beside it, so it says nothing to screen readers. */
export function Dot({ state }: { state: ShownState }) {
  return <i class={`dot ${shapes[state]}`} aria-hidden="true" />;
}
