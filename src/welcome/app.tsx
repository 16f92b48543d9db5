import { Icon } from '../ui/icon';
import { keyOf, t } from '../ui/text';
import { Toggle } from '../ui/toggle';
import { charts } from './charts';
import { ExampleChart } from './example';

const says = ['where', 'much', 'well'] as const;
const saysNot = ['direction', 'orders', 'promise'] as const;

/** The page after installing: three things to know, nothing to fill in. */
export function App() {
  return (
    <main>
      <header>
        <img src="/icons/icon.svg" alt="" width="28" height="28" />
        <b>{t('popup_title')}</b>
      </header>
      <h1>{t('welcome_title')}</h1>
      <p class="lead">{t('welcome_lead')}</p>
      <div class="steps">
        <OpenChart />
        <ReadBands />
        <SwitchOff />
      </div>
      <footer>
        <a href="/src/accuracy/index.html">{t('welcome_accurate')}</a>
        <a href="/src/options/index.html">{t('options_title')}</a>
        <span class="muted">{t('welcome_again')}</span>
      </footer>
    </main>
  );
}

/** Step one: a chart to try it on. */
function OpenChart() {
  return (
    <section class="panel" aria-labelledby="open">
      <h2 id="open">
        <i>1</i> {t('welcome_open')}
      </h2>
      <p class="muted">{t('welcome_openHow')}</p>
      <ul class="charts">
        {charts.map(({ name, url, market }, i) => (
          <li key={name}>
            <a class={`button ${i === 0 ? 'main' : ''}`} href={url}>
              <span>{name}</span>
              <span class="market">{market || t('welcome_anyChart')}</span>
            </a>
          </li>
        ))}
      </ul>
      <p class="label">{t('welcome_otherSite')}</p>
    </section>
  );
}

/** Step two: what the bands say and what they do not. */
function ReadBands() {
  return (
    <section class="panel" aria-labelledby="read">
      <h2 id="read">
        <i>2</i> {t('welcome_read')}
      </h2>
      <ExampleChart />
      <div class="says">
        <ul>
          {says.map((each) => (
            <li key={each}>
              <span class="ok">
                <Icon name="check" />
              </span>
              {t(keyOf('welcome_says', each))}
            </li>
          ))}
        </ul>
        <ul>
          {saysNot.map((each) => (
            <li key={each}>
              <span class="bad">
                <Icon name="cross" />
              </span>
              {t(keyOf('welcome_not', each))}
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

/** Step three: ways to be rid of it. */
function SwitchOff() {
  return (
    <section class="panel" aria-labelledby="off">
      <h2 id="off">
        <i>3</i> {t('welcome_off')}
      </h2>
      <p class="muted">{t('welcome_offHow')}</p>
      <ul class="ways">
        <li>
          <span aria-hidden="true">
            <Toggle checked disabled onChange={() => undefined}>
              {''}
            </Toggle>
          </span>
          {t('welcome_offSwitch')}
        </li>
        <li>
          <kbd>Alt L</kbd> {t('welcome_offKey')}
        </li>
        <li>
          <Icon name="cross" /> {t('welcome_offRemove')}
        </li>
      </ul>
      <p class="label">{t('welcome_asks')}</p>
    </section>
  );
}
