import * as rows from '../venues';

/** The venues as the popup shows them, with the hosts whose answers the extension needs the user's leave to read. */
export const popupVenues = rows.venues.map(({ id, name, rest, publicPositions, accountsHost }) => ({
  id,
  name,
  origins: [`https://${rest}/*`],
  publicPositions,
  accountsHost,
}));
