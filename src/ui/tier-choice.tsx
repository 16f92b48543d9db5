import { tierLeverages } from '../engine/records';
import { t } from './text';

/** Which leverage tiers are shown. One at least stays: with none nothing would be drawn, and no one knew why. */
export function TierChoice(props: { value: readonly boolean[]; onChange(tiers: boolean[]): void }) {
  const { value, onChange } = props;
  const toggle = (index: number) => {
    const tiers = tierLeverages.map((_, i) => (value[i] ?? true) !== (i === index));
    if (tiers.some(Boolean)) onChange(tiers);
  };
  return (
    <fieldset class="chips tiers">
      <legend>{t('badge_leverage')}</legend>
      {tierLeverages.map((leverage, i) => (
        <label key={leverage} class={`chip ${(value[i] ?? true) ? 'on' : ''}`}>
          <input
            type="checkbox"
            class="hidden"
            checked={value[i] ?? true}
            onChange={(event) => {
              // Shows what is stored: the last one that is on springs back.
              event.currentTarget.checked = value[i] ?? true;
              toggle(i);
            }}
          />
          {leverage}×
        </label>
      ))}
    </fieldset>
  );
}
