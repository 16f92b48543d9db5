import type { ComponentChildren } from 'preact';
import type { Cluster } from '../engine/map/clusters';
import type { ChecklistItem } from '../engine/risk/position';
import type { Setups } from '../engine/risk/setups';
import type { Detail } from '../protocol/detail';
import type { MapView, Tick } from '../protocol/view';
import { age, distance, percent, price, ratio, usd, usdRange } from '../ui/format';
import { fragility } from '../ui/fragility';
import { Icon } from '../ui/icon';
import { mood } from '../ui/mood';
import { Facts, Panel } from '../ui/panel';
import { keyOf, t } from '../ui/text';
import type { Report, Whole } from './report';
import { coins } from './words';

interface Given {
  draft: Whole;
  report: Report;
  view: MapView;
  tick: Tick | undefined;
  detail: Detail;
}

const nearEdge = ({ side, low, high }: Cluster): number => (side === 'long' ? high : low);

/** Clusters on a way, in few words: how many, where the nearest begins, what it would force. */
function onTheWay(clusters: readonly Cluster[], { q }: MapView): string {
  const [first] = clusters;
  if (!first) return t('position_noLevels');
  const amount = `≈ ${usdRange(first.usd * q.p10, first.usd * q.p90)}`;
  return clusters.length === 1
    ? `${price(nearEdge(first))} · ${amount}`
    : `${clusters.length} · ${price(nearEdge(first))} · ${amount}`;
}

export function Liquidity({ draft, report, view, tick }: Given) {
  const { liquidation, between, fuel, chained, setups } = report;
  const name = tick?.health.find(({ venue }) => venue === draft.venue)?.name ?? draft.venue;
  const rows: [string, ComponentChildren][] = [
    [
      t(keyOf('position_liquidation', report.liquidationSource), name),
      liquidation.price > 0 ? (
        <>
          <b>{price(liquidation.price)}</b> · {distance(liquidation.price / report.price - 1)}
        </>
      ) : (
        t('position_liquidationNone')
      ),
    ],
  ];
  if (draft.stop !== undefined) rows.push([t('position_toStop'), onTheWay(between.stop, view)]);
  rows.push([
    t('position_toLiquidation'),
    chained
      ? t('position_chained', String(between.liquidation.length), percent(chained.gap))
      : onTheWay(between.liquidation, view),
  ]);
  if (draft.target !== undefined)
    rows.push([
      t('position_toTarget'),
      onTheWay(
        setups.filter(({ setups: { inTheWay } }) => inTheWay).map(({ cluster }) => cluster),
        view,
      ),
    ]);
  rows.push([
    t(keyOf('position_fuel', draft.side)),
    fuel.ratio === null || fuel.verdict === null ? (
      t('position_fuelNone')
    ) : (
      <>
        <b>{ratio(fuel.ratio)}</b> {t(keyOf('position_verdict', fuel.verdict))} ·{' '}
        {t('position_near', ratio(fuel.weighted))}
      </>
    ),
  ]);
  for (const { cluster, setups: each } of setups.slice(0, 4))
    rows.push([t('position_setupAt', price(nearEdge(cluster))), setupWords(each)]);
  return (
    <Panel title={t('position_liquidity')} note={t('map_estimateNote')}>
      <Facts rows={rows} />
    </Panel>
  );
}

function setupWords({ sweep, confluence, inTheWay }: Setups): string {
  const words = [
    sweep && t('position_setupSweep'),
    inTheWay && t('position_setupInTheWay'),
    confluence === null ? t('position_setupConfluenceUnknown') : confluence && t('position_setupConfluence'),
  ].filter((word) => word !== false);
  return words.length > 0 ? words.join('; ') : t('position_setupNone');
}

export function Risk({ draft, report, detail }: Given) {
  const { stop, size, riskUsd, reduceSize, stopBeyondLiquidation } = report;
  const { base, entry, budgetUsd, symbol } = draft;
  if (!stop)
    return (
      <Panel title={t('position_risk')}>
        <p class="muted">{t('position_noStop')}</p>
      </Panel>
    );
  const room = {
    least: t('position_roomLeast'),
    overshoot: percent(detail.overshoot),
    atr: t('position_roomAtr'),
  };
  const rows: [string, ComponentChildren][] = [
    [t('position_edge'), price(stop.edge)],
    [
      t(
        'position_room',
        percent(detail.overshoot),
        detail.atr1h === null ? '–' : percent(detail.atr1h / 2 / entry),
      ),
      percent(stop.buffer),
    ],
    [
      t('position_ruledStop'),
      <>
        <b>{price(stop.price)}</b> · {distance(stop.price / entry - 1)}
      </>,
    ],
    size && reduceSize
      ? [
          t('position_lossReduced', coins(base, symbol), coins(size.base, symbol)),
          <>
            {usd(riskUsd)} → <b>{usd(size.base * Math.abs(entry - stop.price))}</b>
          </>,
        ]
      : [t('position_loss', coins(base, symbol)), <b key="loss">{usd(riskUsd)}</b>],
  ];
  if (detail.overshootRuns === 0) rows.push([t('position_overshootPrior'), room.overshoot]);
  else rows.push([t('position_overshootRuns'), String(detail.overshootRuns)]);
  return (
    <Panel title={t('position_risk')}>
      {reduceSize && size ? (
        <p class="rule">{t('position_reduce', coins(size.base, symbol))}</p>
      ) : (
        <p class="rule calm">
          {budgetUsd === undefined ? t('position_noBudget') : t('position_withinBudget', usd(budgetUsd))}
        </p>
      )}
      {stopBeyondLiquidation && <p class="problem">{t('position_beyondLiquidation')}</p>}
      <Facts rows={rows} />
    </Panel>
  );
}

export function Context({ draft, report, view, tick, detail, since }: Given & { since: number | undefined }) {
  const context = tick?.context;
  const { running, usual } = detail.funding;
  const per8h = context?.fundingPer8h ?? null;
  const isHigh = per8h !== null && usual !== null && per8h > usual.p95;
  const isLow = per8h !== null && usual !== null && per8h < usual.p5;
  const funding = per8h === null ? '–' : `${per8h > 0 ? '+' : ''}${percent(per8h, 3)}`;
  const event = tick?.banners.find(({ kind }) => kind === 'event');
  const rows: [string, ComponentChildren][] = [
    [
      t('position_funding'),
      isHigh || isLow ? (
        <span class="warn">
          {funding} · {t(isHigh ? 'position_fundingHigh' : 'position_fundingLow')}
        </span>
      ) : (
        funding
      ),
    ],
    [t('position_squeeze'), squeezeWords(report, running !== null)],
    [
      t(since === undefined ? 'position_openInterest' : 'position_openInterestSince'),
      since === undefined
        ? usd(context?.openInterestUsd)
        : `${distance((context?.openInterestUsd ?? 0) / since - 1)} · ${usd(context?.openInterestUsd)}`,
    ],
    [t('position_ratio'), `${ratio(view.ratio.within5)} ${fragility(view.ratio.within5).text.toLowerCase()}`],
    [t('position_mood'), context?.fearAndGreed ? mood(context.fearAndGreed) : t('position_unknown')],
    [t('position_dates'), event ? <span class="warn">{event.text}</span> : t('position_noDates')],
  ];
  return (
    <Panel title={t('position_context')} aside={<span class="label">{draft.symbol}</span>}>
      <Facts rows={rows} />
    </Panel>
  );
}

function squeezeWords({ squeeze }: Report, isFundingKnown: boolean): ComponentChildren {
  if (!squeeze || !isFundingKnown) return t('position_unknown');
  if (squeeze.squeeze)
    return (
      <span class="warn">
        {t(keyOf('position_squeeze', squeeze.squeeze.side), percent(squeeze.squeeze.cluster.distance))}
      </span>
    );
  return t(keyOf('position_squeezeNo', squeeze.missing ?? 'funding'));
}

const marks = { pass: 'check', fail: 'cross', unknown: 'ask' } as const;

export function Discipline({ report }: Given) {
  const graded = report.checklist.map((check) => ({
    check,
    grade: gradeOf(check, report),
  }));
  const count = (grade: string) => String(graded.filter((each) => each.grade === grade).length);
  return (
    <Panel
      title={t('position_discipline')}
      aside={<span class="label">{t('position_tally', count('pass'), count('fail'), count('unknown'))}</span>}
    >
      <ul class="checks">
        {graded.map(({ check, grade }) => (
          <li key={check.kind}>
            <span class={`grade ${grade}`}>
              <Icon name={marks[grade]} />
              {t(keyOf('position_grade', grade))}
            </span>
            <b>{t(keyOf('position_check', check.kind))}</b>
            <span class="label">{evidence(check, report)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** What could still come out either way with what is missing cannot be told. */
function gradeOf({ kind, passed }: ChecklistItem, { confluence }: Report): 'pass' | 'fail' | 'unknown' {
  if (kind === 'confluence' && confluence && !confluence.enough) {
    const unread = confluence.evidence.filter(({ present }) => present === null).length;
    return confluence.count + unread >= 2 ? 'unknown' : 'fail';
  }
  return passed === null ? 'unknown' : passed ? 'pass' : 'fail';
}

function evidence({ kind, value }: ChecklistItem, { confluence, position }: Report): string {
  if (kind === 'confluence') {
    if (!confluence) return t('position_noAim');
    const unread = confluence.evidence.filter(({ present }) => present === null).length;
    const names = confluence.evidence
      .filter(({ present }) => present)
      .map((each) => t(keyOf('position_evidence', each.kind)));
    return [
      names.length > 0 ? names.join(', ') : t('position_evidenceNone'),
      unread > 0 && t('position_unread', String(unread)),
    ]
      .filter(Boolean)
      .join(' · ');
  }
  if (value === null)
    return t(
      kind === 'stop' && position.stop !== null
        ? 'position_noRun'
        : kind === 'stop'
          ? 'position_stopMissing'
          : 'position_noAim',
    );
  if (kind === 'distance') return t('position_away', percent(value));
  if (kind === 'recency') return t('position_aged', age(value));
  if (kind === 'asymmetry') return t('position_inFavour', ratio(value));
  return t(value >= 0 ? 'position_outside' : 'position_inside', price(position.stop));
}
