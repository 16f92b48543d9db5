import type { CDPSession } from 'playwright-core';

interface Reply {
  result?: unknown;
  error?: { message: string };
}

/** Commands to a worker, which Playwright does not offer a session for. */
export class WorkerSession {
  private next = 1;
  private readonly waiting = new Map<number, (reply: Reply) => void>();

  private constructor(
    private readonly browser: CDPSession,
    private readonly sessionId: string,
  ) {
    browser.on('Target.receivedMessageFromTarget', ({ message }) => {
      const reply = JSON.parse(message) as Reply & { id?: number };
      if (reply.id !== undefined) this.waiting.get(reply.id)?.(reply);
    });
  }

  static async attach(browser: CDPSession): Promise<WorkerSession> {
    const { targetInfos } = await browser.send('Target.getTargets');
    const worker = targetInfos.find(({ type }) => type === 'service_worker');
    if (!worker) throw new Error('The worker is not running');
    const { sessionId } = await browser.send('Target.attachToTarget', {
      targetId: worker.targetId,
      flatten: false,
    });
    return new WorkerSession(browser, sessionId);
  }

  async send<T>(method: string, params: Record<string, unknown> = {}): Promise<T> {
    const id = this.next++;
    const answered = new Promise<Reply>((resolve) => this.waiting.set(id, resolve));
    await this.browser.send('Target.sendMessageToTarget', {
      sessionId: this.sessionId,
      message: JSON.stringify({ id, method, params }),
    });
    const { result, error } = await answered;
    this.waiting.delete(id);
    if (error) throw new Error(`${method}: ${error.message}`);
    return result as T;
  }

  /** What the worker holds after a collection, MB. */
  async heapMb(): Promise<number> {
    await this.send('HeapProfiler.collectGarbage');
    const heap = await this.send<{ usedSize: number; backingStorageSize?: number }>('Runtime.getHeapUsage');
    return Number(((heap.usedSize + (heap.backingStorageSize ?? 0)) / 2 ** 20).toFixed(1));
  }
}
