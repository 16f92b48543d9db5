import * as z from 'zod/mini';
import { hyperliquid as facts } from '../venues/hyperliquid';
import { amount, readAs } from './border';
import { type Call, FeedError } from './feed';

/** Its answers are counted apart from those of the venue's own interface. */
export const accountsPool = 'accounts';

/** Rows are read out of a text that may end within one; a row begins with what is wanted of it, in some 110 letters. */
const rowStart = /"ethAddress"\s*:\s*"(0x[0-9a-fA-F]{40})"\s*,\s*"accountValue"\s*:\s*"?([\d.]+)"?/g;
const longestStart = 200;

const Largest = z.array(z.object({ address: z.string(), value: amount }));
export type LargeAccount = z.infer<typeof Largest>[number];

/**
 * The accounts of the venue's public leaderboard that hold the most, by their value in USD, largest first.
 *
 * `{"leaderboardRows":[{"ethAddress":"0x…","accountValue":"31458.53","windowPerformances":[["day",{"pnl":"…","roi":"…",
 * "vlm":"…"}],…],"prize":0,"displayName":null},…]}`: undocumented, about 39 MB and 47,000 rows, in no order that is promised,
 * and at times refused with 403. It is read as it comes, and never held whole.
 *
 * @param most accounts kept
 */
export function largestAccounts(most: number): Call<LargeAccount[]> {
  return {
    url: `https://${facts.accountsHost}/Mainnet/leaderboard`,
    weight: 1,
    pool: accountsPool,
    mostBytes: 128 * 2 ** 20,
    condense: () => {
      let rest = '';
      let largest: LargeAccount[] = [];
      const cut = () => {
        largest = largest.sort((a, b) => b.value - a.value).slice(0, most);
      };
      return {
        add(text) {
          rest += text;
          let end = 0;
          for (const found of rest.matchAll(rowStart)) {
            largest.push({ address: found[1]!.toLowerCase(), value: Number(found[2]) });
            end = found.index + found[0].length;
          }
          rest = rest.slice(Math.max(end, rest.length - longestStart));
          if (largest.length > 2 * most) cut();
        },
        end() {
          cut();
          return largest;
        },
      };
    },
    parse: (list) => {
      const accounts = readAs('hyperliquid', Largest, list);
      if (accounts.length === 0)
        throw new FeedError('malformed', 'hyperliquid', 'no accounts in the leaderboard');
      return accounts;
    },
  };
}
