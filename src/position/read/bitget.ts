import type { TableShape } from './table';

/** USDT-M positions, as the page showed them in 2026: side, mode and leverage (a capital X) in words. */
export const bitget: TableShape = {
  venue: 'bitget',
  columns: ['size', 'entry', 'breakEven', 'mark', 'liquidation', 'percent', 'money', 'pnl', 'money', 'stops'],
  headings: [
    ['size', 'size', 'position size', '持仓数量', '持仓量'],
    ['entry', 'entry price', 'avg. entry price', '开仓均价', '开仓价格'],
    ['breakEven', 'breakeven price', 'break-even price', '保本价', '盈亏平衡价'],
    ['mark', 'mark price', '标记价格'],
    ['liquidation', 'est. liq. price', 'est. liquidation price', '预估强平价'],
    ['percent', 'position mmr', 'mmr', '维持保证金率'],
    ['money', 'margin', '保证金'],
    ['pnl', 'unrealized pnl', '未实现盈亏'],
    ['money', 'realized pnl', '已实现盈亏'],
    ['stops', 'tp/sl', '止盈止损'],
  ],
  marks: [
    /\d+X\b/,
    /(Long|Short|做多|做空)[\s·]*(Isolated|Crossed|Cross|逐仓|全仓)[\s·]*\d+X/,
    /Crossed|position MMR|保本价/,
  ],
  isSigned: false,
};
