import type { TableShape } from './table';

/** USDⓈ-M positions, as the page showed them in 2026: size in coins or USDT, shorts with a minus. */
export const binance: TableShape = {
  venue: 'binance',
  columns: ['size', 'entry', 'breakEven', 'mark', 'liquidation', 'percent', 'money', 'pnl', 'money', 'stops'],
  headings: [
    ['size', 'size', '数量', '大小'],
    ['entry', 'entry price', '开仓价格', '入场价格'],
    ['breakEven', 'break even price', '盈亏平衡价', '损益两平价'],
    ['mark', 'mark price', '标记价格'],
    ['liquidation', 'liq.price', 'liq. price', '强平价格'],
    ['percent', 'margin ratio', '保证金比率'],
    ['money', 'margin', '保证金'],
    ['pnl', 'pnl', '收益额', '未实现盈亏'],
    ['money', 'est. funding fee', '预估资金费用', '预估资金费'],
    ['stops', 'tp/sl for position', '止盈/止损'],
  ],
  marks: [/\((Isolated|Cross)\)|[(（](逐仓|全仓)[)）]/, /USDT\s+(Perp|永续)\s+\d+x/, /break even|盈亏平衡/i],
  isSigned: true,
};
