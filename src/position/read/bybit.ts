import type { TableShape } from './table';

/** Derivatives positions, as the page showed them in 2026: mode and leverage with two decimals under the contract, sides by colour. */
export const bybit: TableShape = {
  venue: 'bybit',
  columns: ['size', 'value', 'entry', 'mark', 'liquidation', 'money', 'money', 'pnl', 'money', 'stops'],
  headings: [
    ['size', 'qty', '数量'],
    ['value', 'value', '价值'],
    ['entry', 'entry price', '入场价格'],
    ['mark', 'mark price', '标记价格'],
    ['liquidation', 'liq. price', 'est. liquidation price', '强平价格', '预估强平价'],
    ['money', 'im', '起始保证金'],
    ['money', 'mm', '维持保证金'],
    ['pnl', 'unrealized p&l', '未结盈亏'],
    ['money', 'realized p&l', '已结盈亏'],
    ['stops', 'tp/sl', '止盈/止损', '止盈止损'],
  ],
  marks: [/USDT\s+(Isolated|Cross|逐仓|全仓)\s+\d+\.\d\d[xX]/, /\bContracts\b|合约/, /\bQty\b|价值|\bIM\b/],
  isSigned: false,
};
