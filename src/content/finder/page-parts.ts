import { settingsAt, siteSettings } from '../../protocol/settings';
import { rootsOf } from '../axis/roots';
import { foreignAt, symbolAt } from '../sites';
import { currentPage, onPageChange, pageSymbol } from './page-symbol';
import { followSettings, requestSettingsChange } from './settings';
import { watchSymbol } from './watch';

/** What the finder's script knows of pages, settings and the worker's messages, handed to the overlay so that it need not carry them again. */
export const pageParts = {
  rootsOf,
  currentPage,
  onPageChange,
  pageSymbol,
  symbolAt,
  foreignAt,
  followSettings,
  changeSettings: requestSettingsChange,
  siteSettings,
  settingsAt,
  watchSymbol,
};
export type PageParts = typeof pageParts;
