import { useEffect, useState } from 'preact/hooks';
import browser from 'webextension-polyfill';
import { Panel } from '../ui/panel';
import { t } from '../ui/text';

/** Every host the browser lets us reach, each to be taken back; those it comes with are the browser's to take. */
export function Sites() {
  const [origins, setOrigins] = useState<string[]>([]);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    const read = () =>
      void browser.permissions.getAll().then(({ origins: all = [] }) => setOrigins([...all].sort()));
    read();
    browser.permissions.onAdded.addListener(read);
    browser.permissions.onRemoved.addListener(read);
    return () => {
      browser.permissions.onAdded.removeListener(read);
      browser.permissions.onRemoved.removeListener(read);
    };
  }, []);
  const { host_permissions = [], content_scripts = [] } = browser.runtime.getManifest();
  const declared = new Set([...host_permissions, ...content_scripts.flatMap(({ matches = [] }) => matches)]);
  const remove = (origin: string) =>
    void browser.permissions.remove({ origins: [origin] }).then(
      (removed) => setProblem(removed ? '' : t('options_notRemoved', origin)),
      () => setProblem(t('options_notRemoved', origin)),
    );
  return (
    <Panel title={t('options_sites')} note={t('options_sitesNote')}>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <ul class="origins">
        {origins.map((origin) => (
          <li key={origin}>
            <span>{origin.replace(/^https:\/\//, '').replace(/\/\*$/, '')}</span>
            {declared.has(origin) ? (
              <span class="label">{t('options_declared')}</span>
            ) : (
              <button type="button" class="button danger" onClick={() => remove(origin)}>
                {t('options_remove')}
              </button>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
