import { type WindowId, windowIds } from '../engine/records';
import { Segmented } from './segmented';
import { keyOf, t } from './text';

/** Within how long positions that count were opened. */
export function WindowChoice(props: { value: WindowId; onChange(window: WindowId): void }) {
  return (
    <Segmented
      label={t('popup_window')}
      options={windowIds.map((value) => ({
        value,
        label: t(keyOf('window', value)),
        description: t(keyOf('window_last', value)),
      }))}
      value={props.value}
      onChange={props.onChange}
    />
  );
}
