import { useEffect, useState } from 'preact/hooks';
import type { ColorScheme } from '../paint/theme';

const isDarkAsked = '(prefers-color-scheme: dark)';

/** Light or dark, as the page is shown now: the root's own choice, else the system's. */
export function readScheme(): ColorScheme {
  const own = document.documentElement.dataset.theme;
  return own === 'light' || own === 'dark' ? own : matchMedia(isDarkAsked).matches ? 'dark' : 'light';
}

/** What `readScheme` reads, as it changes. */
export function useScheme(): ColorScheme {
  const [scheme, setScheme] = useState(readScheme);
  useEffect(() => {
    const query = matchMedia(isDarkAsked);
    const change = () => setScheme(readScheme());
    query.addEventListener('change', change);
    return () => query.removeEventListener('change', change);
  }, []);
  return scheme;
}

/** A colour of the tokens as the page shows it now, for what is painted on a canvas. */
export function token(name: string): string {
  const probe = document.createElement('i');
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
