import { useState } from 'preact/hooks';
import { hourMs } from '../engine/time';
import type { Tick } from '../protocol/view';
import { Icon } from '../ui/icon';
import { t } from '../ui/text';
import { bannerKey, hiddenBanners, hideBanner, unhideBanners } from './hidden-banners';

/** How long a warning that the user has read stays away. */
const hideMs = 4 * hourMs;

/** The most important thing first, the others on being asked; what is hidden is counted where nothing else is left to ask for. */
export function Banners({ symbol, banners, now }: { symbol: string; banners: Tick['banners']; now: number }) {
  const [isOpen, setIsOpen] = useState(false);
  const [, setChanges] = useState(0);
  const hidden = hiddenBanners(localStorage, now);
  const shown = banners.filter((banner) => !hidden.has(bannerKey(symbol, banner.kind)));
  const away = banners.length - shown.length;
  const others = shown.slice(1);
  if (banners.length === 0) return null;
  const changed = () => setChanges((count) => count + 1);
  return (
    <div class="banners" role="status">
      {(isOpen ? shown : shown.slice(0, 1)).map(({ kind, text }, i) => (
        <div class="banner" key={`${kind} ${i}`}>
          <Icon name="warn" />
          <p>{text}</p>
          {i === 0 && others.length > 0 && (
            <button
              type="button"
              class="text-button"
              aria-expanded={isOpen}
              onClick={() => setIsOpen(!isOpen)}
            >
              {isOpen ? t('desk_fewer') : t('desk_more', String(others.length))}
            </button>
          )}
          <button
            type="button"
            class="text-button"
            onClick={() => {
              hideBanner(localStorage, bannerKey(symbol, kind), now + hideMs);
              changed();
            }}
          >
            {t('desk_hide')}
          </button>
        </div>
      ))}
      {away > 0 && (isOpen || others.length === 0) && (
        <p class="hidden-banners label">
          {t('desk_hidden', String(away))}{' '}
          <button
            type="button"
            class="text-button"
            onClick={() => {
              unhideBanners(localStorage);
              changed();
            }}
          >
            {t('desk_unhide')}
          </button>
        </p>
      )}
    </div>
  );
}
