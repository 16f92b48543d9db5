import { ageInk, type ColorScheme, fontFamily, ink, sideInk, size } from '../../paint/theme';
import { hiddenWordsStyle } from './hidden-words';

/** Every colour as a variable of its own name. */
const colors = (scheme: ColorScheme): string =>
  `.${scheme}{${Object.entries({ ...ink[scheme], ...sideInk[scheme], ...ageInk[scheme] })
    .map(([name, color]) => `--${name}:${color}`)
    .join(';')}}`;

/** Badge and notices, and what card, tooltip and panel have of them. Everything is inside a closed shadow root: no page style reaches in. */
export const badgeStyle = `
  ${colors('dark')}${colors('light')}${hiddenWordsStyle}
  .badge,.tip,.panel{box-sizing:border-box;font:12px/16px ${fontFamily};color:var(--text);
  font-variant-numeric:tabular-nums;background:var(--plate);border:1px solid var(--line);border-radius:6px}
  .badge,.tip{position:absolute;left:0;top:0}
  .badge{pointer-events:auto;width:max-content}
  .summary{all:unset;box-sizing:border-box;display:flex;align-items:center;gap:8px;height:${size.badgeHeight}px;margin:-1px;padding:0 9px;white-space:nowrap;
  font-size:11px;cursor:grab;touch-action:none;user-select:none}
  .summary span{display:flex;gap:4px}
  .summary [data-words=""]{display:none}
  .name{font-weight:600}
  .side{align-items:center}
  .side:before{content:"";width:3px;height:11px;border-radius:1px;background:currentColor;forced-color-adjust:none}
  .short{color:var(--short)}.long{color:var(--long)}
  .balance,.arrow,.amount{color:var(--muted)}
  .warning{color:var(--late);font-weight:600}
  [data-length=short] :is(.amount,.balance){display:none}
  [data-length=icon]{padding:0;width:24px;justify-content:center}
  [data-length=icon]>*{display:none!important}
  [data-length=icon]:before{content:"";width:12px;height:10px;forced-color-adjust:none;
  background:linear-gradient(var(--short) 2px,transparent 0 4px,var(--muted) 4px 6px,transparent 0 8px,var(--long) 8px)}
  :focus-visible{outline:2px solid var(--accent)!important;outline-offset:-2px}
  .age{color:var(--muted)}.late{color:var(--late)}.stale{color:var(--stale)}
  .tip{display:none}
  .panel{position:fixed;right:12px;bottom:12px;width:min(290px,100vw - 24px);padding:8px 12px;
  max-height:calc(100vh - 24px);overflow:auto;pointer-events:auto}
  select,.leave,.chip,.bar button{box-sizing:border-box;min-height:24px;min-width:24px;font:inherit;color:inherit;background:var(--raised);
  border:1px solid var(--field);border-radius:4px;padding:2px 8px;cursor:pointer}
  .bar{display:flex;align-items:center;gap:4px 12px}.bar b{flex:1}.bar button{padding:0;border-color:transparent;background:none}
  b{font-weight:600}[hidden]{display:none!important}
`;

/** Constructed sheets are not subject to the page's content policy; where the browser refuses them here, an element is. */
export function addStyle(root: ShadowRoot, text: string): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  } catch {
    const element = document.createElement('style');
    element.textContent = text;
    root.append(element);
  }
}
