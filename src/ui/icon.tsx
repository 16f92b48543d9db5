const paths = {
  back: 'M10 3.5 5.5 8l4.5 4.5',
  down: 'M4 6l4 4 4-4',
  check: 'M3 8.5 6.3 12 13 4.5',
  cross: 'M4 4l8 8M12 4l-8 8',
  ask: 'M6 6a2 2 0 1 1 2.7 1.9c-.5.2-.7.5-.7 1.1M8 11.6v.1',
  warn: 'M8 2.5 14.2 13H1.8zM8 6.5v3M8 11.3v.1',
  pin: 'M6 2.5h4M6.7 2.5v4L5 9h6L9.3 6.5v-4M8 9v5',
  bell: 'M4.5 11V7a3.5 3.5 0 0 1 7 0v4l1 1h-9zM7 14h2',
  chart: 'M2 11.5 6 7l3 3 5-6M10.5 4H14v3.5',
  desk: 'M2.5 3.5h11v9h-11zM9 3.5v9M9 8h4.5',
  gear: 'M8 5.8a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4zM8 2v2M8 12v2M2 8h2M12 8h2M3.8 3.8l1.4 1.4M10.8 10.8l1.4 1.4M12.2 3.8l-1.4 1.4M5.2 10.8l-1.4 1.4',
  export: 'M8 2.5v7M5 6.8 8 9.7l3-2.9M3 13h10',
  play: 'M5 3.5 12 8l-7 4.5z',
  pause: 'M5 3.5v9M11 3.5v9',
  plus: 'M8 3.5v9M3.5 8h9',
  trash: 'M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.6 9h5.8l.6-9',
  retry: 'M13 8a5 5 0 1 1-1.6-3.7M13 2.5v3h-3',
} as const;

export type IconName = keyof typeof paths;

/** A line drawing of 16 × 16; the words stand beside it or in the button's label. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
