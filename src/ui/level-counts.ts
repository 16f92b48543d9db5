import { t } from './text';

/** As many as a map has at most stand for all. */
const most = '6';
/** Of how many levels a side there is a choice. */
export const levelCounts: readonly string[] = ['1', '2', '3', most];

export const levelCountText = (count: string): string => (count === most ? t('popup_levelsAll') : count);
