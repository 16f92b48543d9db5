import type { TableShape } from './table';

/** Positions, as the page showed them in 2026: coins without a quote currency, money with a dollar sign, sides by colour. */
export const hyperliquid: TableShape = {
  venue: 'hyperliquid',
  columns: ['size', 'value', 'entry', 'mark', 'pnl', 'liquidation', 'money', 'money', 'stops'],
  headings: [
    ['size', 'size', '数量', '仓位大小'],
    ['value', 'position value', '仓位价值', '持仓价值'],
    ['entry', 'entry price', '开仓价格', '入场价格'],
    ['mark', 'mark price', '标记价格'],
    ['pnl', 'pnl', '盈亏'],
    ['liquidation', 'liq. price', '强平价格', '清算价格'],
    ['money', 'margin', '保证金'],
    ['money', 'funding', '资金费', '资金费用'],
    ['stops', 'tp/sl', '止盈/止损'],
  ],
  marks: [/(^|\n)\s*(?![A-Z0-9]*USD)k?[A-Z][A-Z0-9]{0,9}\s+\d+x\b/, /\$\d/, /position value|仓位价值/i],
  isSigned: false,
};
