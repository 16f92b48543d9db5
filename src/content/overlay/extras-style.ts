/** Card, tooltip and panel, on top of the badge's style. */
export const extrasStyle = `
  :host([data-open]){z-index:2147483646!important}
  .badge.open{width:min(320px,100% - 16px);overflow:auto;scrollbar-width:thin}
  .open .arrow{transform:rotate(180deg)}
  .open .summary{flex-wrap:wrap;height:auto;min-height:28px;padding:4px 13px}
  .card{padding:0 12px 12px;border-top:1px solid var(--line)}
  p,.notice,.fact,.venues,.chips{font-size:11px}
  p,dt,.fact,.venues{color:var(--muted)}
  p{margin:8px 0 0}.lead{font-size:12px;color:var(--text)}
  .notice,.bad{color:var(--late)}
  .choice,.fact{display:flex;align-items:center;justify-content:space-between;gap:4px 12px;margin-top:8px;flex-wrap:wrap}
  .chips,.venues{display:flex;flex-wrap:wrap;gap:4px}
  .venues{margin-top:8px;gap:4px 12px}
  .chip[aria-pressed=true]{background:var(--accentBack);border-color:var(--accent)}
  .chip[aria-pressed=false]{background:none;color:var(--muted)}
  input{height:24px;margin:0;accent-color:var(--accent)}
  option{color:#14171f;background:#fff}
  .leave{margin-top:12px;width:100%}.doors{margin-top:12px;flex-wrap:nowrap}.doors>*{margin:0;flex:1;width:auto}
  .tip{width:max-content;max-width:min(280px,100% - 8px);padding:8px 10px;font-size:11px}.tip b:before{padding-right:6px}
  dl{margin:4px 0 0}dl>div{display:flex;gap:16px}dt{white-space:nowrap}dd{margin:0 0 0 auto;text-align:right}
  .brief dl>:nth-child(n+3){display:none}
  .folded{width:max-content}.folded :is(.body,p){display:none}
  .rows{display:grid;grid-template-columns:auto auto 1fr;gap:2px 12px;margin-top:8px}
  canvas{display:block;width:100%;height:150px;margin-top:8px}
`;
