import type { Ledger } from '../protocol/ledger';
import { percent } from './format';
import { t } from './text';

/** What a ledger says, in one sentence: nothing but that it is too early, where it is. */
export function ledgerLine({ orders, needed, isEnough, map }: Ledger): string {
  return isEnough
    ? t('accuracy_here', orders.toLocaleString('en-US'), percent(map.share, 0), percent(map.shareLow, 0))
    : t('accuracy_early', orders.toLocaleString('en-US'), String(needed));
}
