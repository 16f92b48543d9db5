import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Shown } from '../paint/side-bands';
import type { MapView } from '../protocol/view';
import { Icon } from '../ui/icon';
import { t } from '../ui/text';
import { csvOf, jsonOf, levelListOf, pineOf, save } from './export';

/** Ways to take the map along. */
export function ExportMenu(props: { view: MapView; shown: Shown; picture(): HTMLCanvasElement | undefined }) {
  const { view, shown, picture } = props;
  const menu = useRef<HTMLDetailsElement>(null);
  const [done, setDone] = useState('');
  useClosing(menu);
  const name = `liqbands-${view.symbol}-${new Date(view.asOf).toISOString().slice(0, 16).replace(':', '')}`;
  const text = (content: string, type: string) => new Blob([content], { type });
  const end = (words: string) => {
    fold(menu.current);
    setDone(words);
  };
  const copy = (copied: string) =>
    void navigator.clipboard.writeText(copied).then(
      () => end(t('desk_copied')),
      () => end(t('desk_notCopied')),
    );
  const items: [string, string, () => void][] = [
    [t('desk_exportPine'), 'Pine', () => copy(pineOf(view, shown))],
    [t('desk_exportLevels'), '', () => copy(levelListOf(view, shown))],
    [
      t('desk_exportTable'),
      'CSV',
      () => {
        save(`${name}.csv`, text(csvOf(view, shown), 'text/csv'));
        end(t('desk_saved'));
      },
    ],
    [
      t('desk_exportMap'),
      'JSON',
      () => {
        save(`${name}.json`, text(jsonOf(view), 'application/json'));
        end(t('desk_saved'));
      },
    ],
    [
      t('desk_exportPicture'),
      'PNG',
      () =>
        picture()?.toBlob((image) => {
          if (image) save(`${name}.png`, image);
          end(t(image ? 'desk_saved' : 'desk_notSaved'));
        }),
    ],
    [t('desk_print'), '', () => globalThis.print()],
  ];
  return (
    <div class="export">
      {/* Said where it was asked for, until the menu is opened again. */}
      <span class="label" role="status">
        {done}
      </span>
      <details class="menu" ref={menu} onToggle={(event) => event.currentTarget.open && setDone('')}>
        <summary class="button">
          <Icon name="export" />
          <span>{t('desk_export')}</span>
        </summary>
        <ul>
          {items.map(([label, kind, run]) => (
            <li key={label}>
              <button type="button" onClick={run}>
                {label} <span class="label">{kind}</span>
              </button>
            </li>
          ))}
        </ul>
      </details>
    </div>
  );
}

/** Closes the menu; who was in it by keyboard is at its button again. */
function fold(menu: HTMLDetailsElement | null): void {
  if (menu?.contains(document.activeElement)) menu.querySelector('summary')?.focus();
  menu?.removeAttribute('open');
}

/** Closes the menu by Escape and by a click beside it. */
function useClosing(menu: RefObject<HTMLDetailsElement | null>): void {
  useEffect(() => {
    const close = (event: Event) => {
      const isKey = event instanceof KeyboardEvent;
      if (isKey ? event.key === 'Escape' : !menu.current?.contains(event.target as Node)) fold(menu.current);
    };
    document.addEventListener('click', close);
    document.addEventListener('keydown', close);
    return () => {
      document.removeEventListener('click', close);
      document.removeEventListener('keydown', close);
    };
  }, [menu]);
}
