import { type ComponentChild, render } from 'preact';
import { mendTexts } from '../protocol/mend-texts';

/** Shows a page of the extension's own. */
export async function start(app: ComponentChild): Promise<void> {
  await mendTexts();
  render(app, document.body);
}
