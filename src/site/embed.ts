import { embedAttributes, heightMessage } from './embed-attributes';

/** `embed.html?symbol=ETH`: the widget alone, for frames on pages that forbid scripts. */

const element = document.createElement('liquidation-map');
for (const [name, value] of embedAttributes(location.search)) element.setAttribute(name, value);
const lang = element.getAttribute('lang');
if (lang) document.documentElement.lang = lang;
document.querySelector('main')!.append(element);

/** Tells the page around how high the frame is best: a page that listens sets it, others keep theirs. */
const tell = () => {
  const height = Math.round(Math.min(560, Math.max(300, innerWidth * 0.62)));
  window.parent.postMessage({ type: heightMessage, height }, '*');
};
if (window.parent !== window) {
  addEventListener('resize', tell);
  tell();
}
