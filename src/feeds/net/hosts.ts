import { hourMs } from '../../engine/time';
import type { Clock } from './pacing';

/** Which of the hosts that answer alike is asked: the main one, unless another has served where it did not. */

/** The host that served, and when it took over, ms since 1970. */
export interface HostChoice {
  host: string;
  at: number;
}

/** Where choices outlive this run. Neither rejects. */
export interface HostMemory {
  load(): Promise<ReadonlyMap<string, HostChoice>>;
  /** `main` is the host whose place the other takes; undefined: it is asked itself again. */
  save(main: string, choice: HostChoice | undefined): Promise<void>;
}

export interface HostOptions {
  clock: Clock;
  memory?: HostMemory;
  /** Whether the user lets us read a host's answers. Absent: all. */
  permitted?(host: string): Promise<boolean>;
}

/** Hosts that answer alike, the main one first, and those of a region by the host of its pages. */
export interface HostFamily {
  hosts: readonly string[];
  regions?: Readonly<Record<string, string>>;
  /** A region's host is asked only by who has its page open: it may not have what the main one has. */
  keepsToRegion?: boolean;
}

/** How long another host is asked before the main one gets its chance again. */
const choiceMs = 24 * hourMs;
/** A host that failed goes behind the others for this long. */
const failureMs = 600_000;

/** Addresses are told with another host in their place; everything else of them stays. */
export class Hosts {
  private choices = new Map<string, HostChoice>();
  private readonly failedAt = new Map<string, number>();
  private readonly lacking = new Map<string, Set<string>>();
  private pageHost = '';
  /** Resolves once the choices of earlier runs are known. */
  readonly ready: Promise<void>;

  constructor(
    private readonly families: readonly HostFamily[],
    private readonly options: HostOptions,
  ) {
    this.ready = this.load();
  }

  private async load(): Promise<void> {
    const kept = await this.options.memory?.load();
    for (const [main, choice] of kept ?? []) {
      const family = this.familyOf(main);
      // Where others can write what is kept they name no host of theirs.
      if (family?.hosts[0] === main && family === this.familyOf(choice.host)) this.choices.set(main, choice);
    }
  }

  /** A page is open: the host of its region, where there is one, is asked before the others. */
  visit(pageHost: string): void {
    if (this.families.some(({ regions }) => regions?.[pageHost])) this.pageHost = pageHost;
  }

  /** The same address on each host that answers alike, best first. */
  of(url: string): string[] {
    const family = this.familyOf(new URL(url).host);
    if (!family) return [url];
    return this.order(family).map((host) => at(url, host));
  }

  /** Whether the answers of an address may be read. Those of a main host may: without that its venue is not asked at all. */
  async mayRead(url: string): Promise<boolean> {
    const { host } = new URL(url);
    const main = this.familyOf(host)?.hosts[0] ?? host;
    if (host === main || !this.options.permitted) return true;
    const may = await this.options.permitted(host);
    const lacking = this.lacking.get(main) ?? new Set();
    this.lacking.set(main, lacking);
    if (may) lacking.delete(host);
    else lacking.add(host);
    return may;
  }

  /** Hosts that could answer in place of the one given, were we allowed to read them. */
  lackingFor(host: string): string[] {
    return [...(this.lacking.get(this.familyOf(host)?.hosts[0] ?? '') ?? [])];
  }

  /** The host at an address answered. */
  served(url: string): void {
    const { host } = new URL(url);
    this.failedAt.delete(host);
    const main = this.familyOf(host)?.hosts[0];
    if (main === undefined) return;
    const known = this.choices.get(main)?.host ?? main;
    const isRegional = this.regionOf(this.familyOf(host)!) === host;
    if (host === known || isRegional) return;
    const choice = host === main ? undefined : { host, at: this.options.clock.now() };
    if (choice) this.choices.set(main, choice);
    else this.choices.delete(main);
    void this.options.memory?.save(main, choice);
  }

  /** The host at an address did not answer, or would not. */
  failed(url: string): void {
    this.failedAt.set(new URL(url).host, this.options.clock.now());
  }

  private familyOf(host: string): HostFamily | undefined {
    return this.families.find(({ hosts, regions }) =>
      [...hosts, ...Object.values(regions ?? {})].includes(host),
    );
  }

  private regionOf({ regions }: HostFamily): string | undefined {
    return regions?.[this.pageHost];
  }

  private order(family: HostFamily): string[] {
    const now = this.options.clock.now();
    const [main] = family.hosts;
    const choice = this.choices.get(main!);
    const age = now - (choice?.at ?? 0);
    const chosen = choice && age >= 0 && age < choiceMs ? [choice.host] : [];
    const region = this.regionOf(family) ?? [];
    const others = family.keepsToRegion ? [] : Object.values(family.regions ?? {});
    const all = [...new Set([region, chosen, family.hosts, others].flat())];
    const isDown = (host: string) => {
      const since = now - (this.failedAt.get(host) ?? Number.NEGATIVE_INFINITY);
      return since >= 0 && since < failureMs;
    };
    return [...all.filter((host) => !isDown(host)), ...all.filter(isDown)];
  }
}

function at(url: string, host: string): string {
  const moved = new URL(url);
  if (moved.host === host) return url;
  moved.host = host;
  // A host given without its port keeps that of the address.
  if (!host.includes(':')) moved.port = '';
  return moved.href;
}
