import { ramps } from '../paint/theme';
import { modes, opacities, palettes } from '../protocol/looks';
import { type Settings, type SettingsChange, siteSettings } from '../protocol/settings';
import type { MapView } from '../protocol/view';
import { percent } from '../ui/format';
import { levelCounts, levelCountText } from '../ui/level-counts';
import { Segmented } from '../ui/segmented';
import { Slider } from '../ui/slider';
import { keyOf, t } from '../ui/text';
import { Threshold } from '../ui/threshold';
import { TierChoice } from '../ui/tier-choice';
import { Toggle } from '../ui/toggle';
import { WindowChoice } from '../ui/window-choice';

/** What is drawn, and how. */
export function Look(props: {
  settings: Settings;
  view: MapView | undefined;
  /** The site in front, where charts are drawn on; some choices are for it alone. */
  site: string | undefined;
  change(wanted: SettingsChange): void;
}) {
  const { settings, view, site, change } = props;
  return (
    <section aria-label={t('popup_look')}>
      <Segmented
        label={t('popup_mode')}
        options={modes.map((value) => ({ value, label: t(keyOf('mode', value)) }))}
        value={settings.mode}
        onChange={(mode) => change({ mode })}
      />
      <WindowChoice value={settings.window} onChange={(window) => change({ window })} />
      <TierChoice value={settings.tiers} onChange={(tiers) => change({ tiers })} />
      <Segmented
        label={t('popup_levelsPerSide')}
        options={levelCounts.map((value) => ({
          value,
          label: levelCountText(value),
        }))}
        value={String(settings.levelsPerSide)}
        onChange={(count) => change({ levelsPerSide: Number(count) })}
      />
      <Threshold view={view} shown={settings} onInput={(threshold) => change({ threshold })} />
      <Slider
        label={t('popup_opacity')}
        min={opacities.least}
        max={opacities.most}
        step={opacities.step}
        value={settings.opacity}
        text={percent(settings.opacity, 0)}
        onInput={(opacity) => change({ opacity })}
      />
      <Segmented
        label={t('popup_palette')}
        options={palettes.map((value) => ({
          value,
          label: t(keyOf('palette', value)),
          mark: <Swatch palette={value} />,
        }))}
        value={settings.palette}
        onChange={(palette) => change({ palette })}
      />
      <div class="toggles">
        <Toggle checked={settings.labels} onChange={(labels) => change({ labels })}>
          {t('popup_labels')}
        </Toggle>
        {site !== undefined && (
          <Toggle
            checked={siteSettings(settings, site).tooltip}
            onChange={(tooltip) => change({ sites: { [site]: { tooltip } } })}
          >
            {t('badge_tooltip')}
          </Toggle>
        )}
      </div>
    </section>
  );
}

/** The colours of a palette, from the strongest long band to the strongest short one where they differ. */
function Swatch(props: { palette: (typeof palettes)[number] }) {
  const { long, short } = ramps[props.palette].dark;
  const colors = long === short ? long : [...long.toReversed(), ...short];
  const stops = colors.map((rgb) => `rgb(${rgb.join(' ')})`).join(', ');
  return <i class="swatch" style={{ background: `linear-gradient(90deg, ${stops})` }} />;
}
