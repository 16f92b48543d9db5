import type { VenueId } from '../feed';

/** One thing that was tried. */
export interface Check {
  name: string;
  ok: boolean;
  /** How long the answer took; until the first data, where it is a stream. */
  ms: number;
  /** What did not match, or what is worth knowing; empty where there is nothing to say. Never anything of the user. */
  note: string;
  /** What was asked, or listened to: hosts and paths. */
  address: string;
  /** Names of the fields that were read of it; empty for streams. */
  fields: string[];
}

export interface VenueReport {
  id: VenueId;
  checks: Check[];
}

/** The reports as a table to read and to hand on; nothing in it tells who made it, nor where. */
export function reportText(reports: readonly VenueReport[]): string {
  const width = Math.max(...reports.flatMap(({ checks }) => checks.map(({ name }) => name.length)), 0);
  const lines = reports.flatMap(({ id, checks }) => {
    const bad = checks.filter(({ ok }) => !ok).length;
    return [
      `${id}: ${bad === 0 ? 'all well' : `${bad} of ${checks.length} not as they should be`}`,
      ...checks.flatMap(({ name, ok, ms, note, address, fields }) => [
        `  ${ok ? 'ok ' : 'NOT'} ${name.padEnd(width)} ${String(Math.round(ms)).padStart(6)} ms  ${note}`.trimEnd(),
        `      ${[address, fields.join(' ')].filter(Boolean).join(': ')}`.trimEnd(),
      ]),
      '',
    ];
  });
  return lines.join('\n');
}
