import type { FeedHealth } from '../protocol/view';

type Shape = 'good' | 'wait' | 'trouble' | 'gone' | 'off';

const shapes: Record<FeedHealth['state'] | 'unknown', Shape> = {
  ok: 'good',
  starting: 'wait',
  late: 'trouble',
  limited: 'trouble',
  permission: 'trouble',
  odd: 'trouble',
  blocked: 'gone',
  down: 'gone',
  unlisted: 'off',
  off: 'off',
  unknown: 'off',
};

const paths: Record<Shape, string> = {
  good: 'M2.5 6.3 5 8.8 9.6 3.4',
  wait: 'M6 3v3.2L8 7.6',
  trouble: 'M6 3.2v3.2M6 8.6v.2',
  gone: 'M3.8 3.8l4.4 4.4M8.2 3.8 3.8 8.2',
  off: 'M3.6 6h4.8',
};

/** State of a venue by shape and colour; the words stand beside it, so it says nothing to screen readers. */
export function HealthMark(props: { state: FeedHealth['state'] | 'unknown' }) {
  const shape = shapes[props.state];
  return (
    <svg class={`health-mark ${shape}`} viewBox="0 0 12 12" aria-hidden="true">
      <circle cx="6" cy="6" r="6" />
      <path d={paths[shape]} />
    </svg>
  );
}
