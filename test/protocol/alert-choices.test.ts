import { expect, it } from 'vitest';
import { AlertChoices, alertHosts } from '../../src/protocol/alert-choices';

it('alerts go to the host of an address, without its port, and to Telegram’s where there is a bot', () => {
  const chosen = AlertChoices.parse({
    webhook: { url: 'https://user@Alerts.example.com:8443/mine', format: 'json' },
    telegram: { token: `123456789:${'A'.repeat(35)}`, chat: '@mine' },
  });
  expect(alertHosts(chosen)).toEqual(['alerts.example.com', 'api.telegram.org']);
  expect(alertHosts(AlertChoices.parse({}))).toEqual([]);
});
