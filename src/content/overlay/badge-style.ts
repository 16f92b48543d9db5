import { ageInk, type ColorScheme, fontFamily, ink, sideInk } from '../../paint/theme';

/** Every colour as a variable of its own name. */
const colors = (scheme: ColorScheme): string =>
  `.${scheme}{${Object.entries({ ...ink[scheme], ...sideInk[scheme], ...ageInk[scheme] })
    .map(([name, color]) => `--${name}:${color}`)
    .join(';')}}`;

/** Badge, card and tooltip. Everything is inside a closed shadow root: no page style reaches in. */
export const badgeStyle = `
  ${colors('dark')}${colors('light')}
  .badge,.tip{position:absolute}
  .badge,.tip,.panel{box-sizing:border-box;font:12px/1.35 ${fontFamily};color:var(--text);padding:6px 10px;
  font-variant-numeric:tabular-nums;background:var(--plate);border:1px solid var(--line);border-radius:8px}
  .badge{pointer-events:auto;width:max-content;max-width:min(310px,100% - 16px);overflow:auto}
  .badge:has(.card){min-width:min(310px,100% - 16px)}
  .figures,.foot,.near>span,.notice{display:block}
  .small :is(.near,.notice,.foot>:first-child){display:none}
  .left{left:8px}.right{right:8px}
  .summary{all:unset;display:block;width:100%;cursor:grab;touch-action:none;user-select:none}
  :focus-visible{outline:2px solid var(--short)!important}
  .head,.choice,.bar{display:flex;align-items:center;gap:8px}
  .ratio{font-size:15px}.ratio,.words,.age.stale,b{font-weight:600}
  .short,.up{color:var(--short)}.long,.down{color:var(--long)}
  .foot,.notice,.tip,p,.fact,.chips{font-size:11px}
  .bar button{all:unset;width:22px;text-align:center}
  .foot,p,dt,.fact,.bar button{color:var(--muted)}
  .age{white-space:nowrap}.late,.notice{color:var(--late)}.stale{color:var(--stale)}
  .card{width:0;min-width:100%;margin-top:6px;border-top:1px solid var(--line)}
  p{margin:6px 0 0}
  .choice{justify-content:space-between;margin-top:8px}
  .fact,.chips,dl>div{display:flex;flex-wrap:wrap;gap:0 10px}
  .fact{margin-top:2px}
  .chips{justify-content:end;gap:3px}
  .chip[aria-pressed=true]{background:var(--line)}.chip[aria-pressed=false]{color:var(--muted);text-decoration:line-through}
  select,.leave,.chip{font:inherit;color:inherit;background:none;border:1px solid var(--line);border-radius:5px;padding:1px 4px}
  option{color:#14171f;background:#fff}
  .leave{margin-top:8px}
  .tip{width:max-content;max-width:min(280px,100% - 8px);display:none}
  dl{margin:2px 0 0}dd{margin:0 0 0 auto;text-align:right}
  .brief dl>:nth-child(n+3){display:none}
  .panel{position:fixed;right:12px;bottom:12px;width:min(290px,100vw - 24px);
  max-height:calc(100vh - 24px);overflow:auto;pointer-events:auto}
  .folded{width:max-content}.folded :is(.body,p){display:none}
  .bar b{flex:1}
  .leave,.chip,.bar button{cursor:pointer}
  canvas{display:block;width:100%;height:150px;margin-top:6px}[hidden]{display:none}
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
