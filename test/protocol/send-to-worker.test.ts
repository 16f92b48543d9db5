import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const sendMessage = vi.fn<(message: unknown) => Promise<unknown>>();
vi.stubGlobal('chrome', { runtime: { id: 'test' } });
vi.stubGlobal('browser', { runtime: { id: 'test', sendMessage } });
const { sendToWorker } = await import('../../src/protocol/send-to-worker');

const nobody = new Error('Could not establish connection. Receiving end does not exist.');

describe('a message to the worker', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    sendMessage.mockReset();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is sent again to one that does not listen yet', async () => {
    sendMessage.mockRejectedValueOnce(nobody).mockRejectedValueOnce(nobody).mockResolvedValue('heard');
    const answer = sendToWorker({ type: 'positions' });
    await vi.runAllTimersAsync();
    expect(await answer).toBe('heard');
    expect(sendMessage.mock.calls).toEqual(Array(3).fill([{ type: 'positions' }]));
  });

  it('is given up where nobody ever listens, with the browser’s own words', async () => {
    sendMessage.mockRejectedValue(nobody);
    const refused = expect(sendToWorker({ type: 'positions' })).rejects.toBe(nobody);
    await vi.advanceTimersByTimeAsync(15_000);
    await refused;
  });

  it('is not sent twice where the worker heard it and failed', async () => {
    sendMessage.mockRejectedValue(new Error('A hundred positions at most'));
    await expect(sendToWorker({ type: 'keepPosition' })).rejects.toThrow('A hundred');
    expect(sendMessage).toHaveBeenCalledTimes(1);
  });
});
