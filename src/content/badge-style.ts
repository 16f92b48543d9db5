import { ageInk, fontFamily, ink, sideInk } from '../paint/theme';

const colors = (scheme: 'light' | 'dark') => `
  --text:${ink[scheme].text};--muted:${ink[scheme].muted};--plate:${ink[scheme].plate};--line:${ink[scheme].line};
  --long:${sideInk[scheme].long};--short:${sideInk[scheme].short};
  --fresh:${ageInk[scheme].fresh};--late:${ageInk[scheme].late};--stale:${ageInk[scheme].stale};`;

/** Badge, card and tooltip. Everything is inside a closed shadow root: no page style reaches in. */
export const badgeStyle = `
  .dark{${colors('dark')}}.light{${colors('light')}}
  .badge,.tip{position:absolute}
  .badge,.tip,.panel{box-sizing:border-box;font:12px/1.35 ${fontFamily};color:var(--text);
  font-variant-numeric:tabular-nums;background:var(--plate);border:1px solid var(--line);border-radius:8px}
  .badge{pointer-events:auto;width:max-content;max-width:min(300px, calc(100% - 16px));max-height:calc(100% - 16px);overflow:auto}
  .badge:has(.card){min-width:min(272px, calc(100% - 16px))}
  .figures{display:block}.foot{display:block}.small .near,.small .notice,.small .foot>:first-child{display:none}
  .left{left:8px}.right{right:8px}
  .summary{all:unset;display:block;box-sizing:border-box;width:100%;padding:6px 10px;cursor:grab;
  touch-action:none;user-select:none;}
  :is(.summary,select,button,input):focus-visible{outline:2px solid var(--short);outline-offset:-2px}
  .head{display:flex;align-items:baseline;gap:8px}
  .ratio{font-size:15px;font-weight:600}
  .words{font-weight:600}.words.down{color:var(--long)}.words.up{color:var(--short)}
  .near>span{display:block;text-wrap:balance}
  .short{color:var(--short)}.long{color:var(--long)}
  .foot{color:var(--muted);font-size:11px}.age{white-space:nowrap}
  .age.fresh{color:var(--fresh)}.age.late{color:var(--late)}.age.stale{color:var(--stale);font-weight:600}
  .notice{display:block;margin-top:2px;font-size:11px;color:var(--late);white-space:normal}
  .card{box-sizing:border-box;width:0;min-width:100%;padding:0 10px 8px;border-top:1px solid var(--line)}
  .card p{margin:6px 0 0;font-size:11px;color:var(--muted)}
  .choice{display:flex;justify-content:space-between;align-items:center;margin-top:8px}
  .choice{gap:10px}
  .chips{display:flex;gap:3px}
  .chip[aria-pressed=true]{background:var(--line)}.chip[aria-pressed=false]{color:var(--muted);text-decoration:line-through}
  input{width:110px;margin:0;accent-color:var(--short)}
  select,.leave,.chip{font:inherit;color:inherit;background:transparent;border:1px solid var(--line);border-radius:5px;padding:1px 4px}
  option{color:#14171f;background:#fff}
  .chip{font-size:11px}.leave{margin-top:8px}.leave,.chip{cursor:pointer}
  .tip{padding:6px 9px;font-size:11px;width:max-content;max-width:min(280px, calc(100% - 8px));display:none}
  .tip dl{margin:2px 0 0}.tip dl>div{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 10px}
  .tip dt{color:var(--muted)}.tip dd{margin:0 0 0 auto;text-align:right}
  .brief dl>div:nth-child(n+3){display:none}
  .tip b{font-weight:600}
  .panel{position:fixed;right:12px;bottom:12px;box-sizing:border-box;width:min(290px, calc(100vw - 24px));
  max-height:calc(100vh - 24px);overflow:auto;padding:6px 10px 8px;pointer-events:auto}
  .panel.folded{width:max-content}.folded :is(.body,p){display:none}
  .bar{display:flex;align-items:center;gap:6px}.bar b{flex:1}
  .bar button{all:unset;box-sizing:border-box;width:22px;text-align:center;border-radius:5px;cursor:pointer;color:var(--muted)}
  .bar button:focus-visible{outline:2px solid var(--short)}
  .panel p{margin:2px 0 6px;color:var(--muted)}
  canvas{display:block;width:100%;height:150px;margin-top:6px}canvas[hidden]{display:none}
`;

/** Constructed sheets are not subject to the page's content policy; where the browser refuses them here, an element is. */
export function addStyle(root: ShadowRoot, text: string): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    root.adoptedStyleSheets = [sheet];
  } catch {
    const element = document.createElement('style');
    element.textContent = text;
    root.append(element);
  }
}
