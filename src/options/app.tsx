import { t } from '../ui/text';
import { Alerts } from './alerts';
import { Data } from './data';
import { SelfTestPanel } from './self-test';
import { Sites } from './sites';
import { VenueSwitches } from './venues';

export function App() {
  return (
    <main>
      <header>
        <img src="/icons/icon.svg" alt="" width="24" height="24" />
        <h1>{t('options_title')}</h1>
        <nav aria-label={t('popup_doors')}>
          <a href="/src/desk/index.html">{t('popup_desk')}</a>
          <a href="/src/position/index.html">{t('popup_position')}</a>
          <a href="/src/welcome/index.html">{t('options_welcome')}</a>
          <a href="/src/accuracy/index.html">{t('popup_accuracy')}</a>
        </nav>
      </header>
      <Alerts />
      <VenueSwitches />
      <Sites />
      <SelfTestPanel />
      <Data />
    </main>
  );
}
