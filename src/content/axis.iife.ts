import { greeting, meeting, offer, wantGridlines } from '../protocol/handshake';
import { watchGridlines } from './page-world/gridlines';
import { emit, listen, meet } from './page-world/primordials';
import { openChannel } from './page-world/records';
import { watchText } from './page-world/text';

/** Page-world entry: reads the labels of the page's charts and tells the overlay, before any page script runs. */

watchText();
const { place, isSecond } = meet(meeting);
listen(place, offer, (name) => {
  if (typeof name !== 'string') return false;
  openChannel(name);
  listen(window, name + wantGridlines, () => {
    watchGridlines();
    return false;
  });
  return true;
});
if (isSecond) emit(place, greeting, '');
