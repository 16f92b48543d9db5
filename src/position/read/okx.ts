import type { TableShape } from './table';

/** Positions, as the page showed them in 2026: sizes in contracts (Cont, 张), coins or USDT; the side in words. */
export const okx: TableShape = {
  venue: 'okx',
  columns: ['size', 'entry', 'mark', 'liquidation', 'breakEven', 'pnl', 'money', 'percent', 'stops'],
  headings: [
    ['size', 'size', '持仓量', '持倉量'],
    ['entry', 'entry price', 'avg. open price', 'avg open price', '开仓均价', '開倉均價'],
    ['mark', 'mark price', '标记价格', '標記價格'],
    ['liquidation', 'est. liq. price', 'est. liq price', '预估强平价', '預估強平價'],
    ['breakEven', 'breakeven price', '盈亏平衡价'],
    ['pnl', 'pnl', 'floating pnl', '浮动收益', '浮動收益', '收益'],
    ['money', 'margin', '保证金', '保證金'],
    ['percent', 'mmr', 'maintenance margin ratio', '维持保证金率', '維持保證金率'],
    ['stops', 'tp | sl', 'tp/sl', '止盈止损'],
  ],
  marks: [
    /\d\s*(Cont\b|张|張)/,
    // Its leverage has two decimals.
    /SWAP|USDT\s*(Perp|永续|永續)\s[^\d]{0,30}\d+\.\d\d[xX]/,
    /Est\. liq|MMR|维持保证金率/,
  ],
  isSigned: false,
};
