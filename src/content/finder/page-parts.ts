import { settingsAt, siteSettings } from '../../protocol/settings';
import { symbolAt } from '../sites';
import { currentPage, onPageChange, pageSymbol } from './page-symbol';
import { changeSettings, followSettings } from './settings';

/** What the finder's script knows of pages and settings, handed to the overlay so that it need not carry them again. */
export const pageParts = {
  currentPage,
  onPageChange,
  pageSymbol,
  symbolAt,
  followSettings,
  changeSettings,
  siteSettings,
  settingsAt,
};
export type PageParts = typeof pageParts;
