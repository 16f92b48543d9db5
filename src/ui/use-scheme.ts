import { useEffect, useState } from 'preact/hooks';
import type { ColorScheme } from '../paint/theme';

/** Light or dark, as the page is shown now: the root's own choice, else the system's. */
export function useScheme(): ColorScheme {
  const query = matchMedia('(prefers-color-scheme: dark)');
  const read = (): ColorScheme => {
    const own = document.documentElement.dataset.theme;
    return own === 'light' || own === 'dark' ? own : query.matches ? 'dark' : 'light';
  };
  const [scheme, setScheme] = useState(read);
  useEffect(() => {
    const change = () => setScheme(read());
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
