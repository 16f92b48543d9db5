import { part } from '../../ui/part';
import { addStyle, badgeStyle } from './badge-style';
import { pageScheme } from './chart-scheme';
import { button } from './controls';

/**
 * Says that the page has to be loaded again: the extension that drew on it was updated or switched off, and this script
 * can neither ask nor be asked any more.
 *
 * @param text and `closeText`: looked up while the extension was still there
 */
export function showReloadNotice(text: string, closeText: string): void {
  const host = part('div');
  host.setAttribute('data-liqbands-panel', '');
  host.style.cssText = 'all:initial;position:fixed;right:0;bottom:0;z-index:2147483646';
  const root = host.attachShadow({ mode: 'closed' });
  addStyle(root, badgeStyle);
  const close = button('', '×', () => host.remove());
  close.ariaLabel = closeText;
  const notice = part('div', `panel ${pageScheme()}`, part('div', 'bar', part('b', '', text), close));
  notice.role = 'status';
  root.append(notice);
  document.documentElement.append(host);
}
