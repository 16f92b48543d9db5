import type { FeedHealth } from '../protocol/view';

export type State = FeedHealth['state'] | 'unknown';

const shapes: Record<State, string> = {
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
export function Dot({ state }: { state: State }) {
  return <i class={`dot ${shapes[state]}`} aria-hidden="true" />;
}
