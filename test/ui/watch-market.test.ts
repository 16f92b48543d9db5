import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { WatchReply } from '../../src/protocol/messages';
import { watchMarket } from '../../src/ui/watch-market';

/** Ports as the browser gives them, the newest last. */
const { ports, connect } = vi.hoisted(() => {
  interface Port {
    sent: unknown[];
    isOpen: boolean;
    say(message: unknown): void;
    lose(): void;
  }
  const ports: Port[] = [];
  const connect = () => {
    const heard: ((message: unknown) => void)[] = [];
    const lost: (() => void)[] = [];
    const port: Port = {
      sent: [],
      isOpen: true,
      say: (message) => heard.forEach((hear) => void hear(message)),
      lose: () => lost.forEach((hear) => void hear()),
    };
    ports.push(port);
    return {
      onMessage: { addListener: (hear: (message: unknown) => void) => void heard.push(hear) },
      onDisconnect: { addListener: (hear: () => void) => void lost.push(hear) },
      postMessage: (message: unknown) => void port.sent.push(message),
      disconnect: () => {
        port.isOpen = false;
      },
    };
  };
  return { ports, connect };
});
vi.mock('webextension-polyfill', () => ({ default: { runtime: { connect } } }));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  ports.length = 0;
});

const request = { type: 'watch', symbol: 'NEW-USDT', window: '24h' } as const;
const unknown: WatchReply = { type: 'unknown', symbol: 'NEW-USDT', reason: 'listed nowhere' };

test('a market that is listed nowhere is asked for again after five minutes, and each five minutes after', () => {
  const heard: WatchReply[] = [];
  const leave = watchMarket(request, (reply) => void heard.push(reply));
  ports[0]!.say(unknown);
  expect(heard).toEqual([unknown]);
  vi.advanceTimersByTime(299_000);
  expect(ports[0]!.sent).toEqual([request]);
  vi.advanceTimersByTime(2_000);
  expect(ports[0]!.sent).toEqual([request, request]);
  ports[0]!.say(unknown);
  vi.advanceTimersByTime(301_000);
  expect(ports[0]!.sent).toHaveLength(3);
  leave();
  ports[0]!.say(unknown);
  vi.advanceTimersByTime(600_000);
  expect(heard).toHaveLength(2);
  expect(ports[0]!.isOpen).toBe(false);
  expect(ports).toHaveLength(1);
});

test('a worker that went away is connected to again, once, and nothing is asked on its old port', () => {
  const leave = watchMarket(request, () => undefined);
  ports[0]!.say(unknown);
  ports[0]!.lose();
  vi.advanceTimersByTime(1_000);
  expect(ports).toHaveLength(2);
  expect(ports[1]!.sent).toEqual([request]);
  vi.advanceTimersByTime(600_000);
  expect(ports.map(({ sent }) => sent.length)).toEqual([1, 1]);
  leave();
  ports[1]!.lose();
  vi.advanceTimersByTime(1_000);
  expect(ports).toHaveLength(2);
});
