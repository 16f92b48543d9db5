/** What a stopped program is given to close its browsers, ms. */
const closingMs = 10_000;

/**
 * Runs what opens browsers, so that it can be stopped: Playwright closes them on SIGTERM, and what waits for them then fails,
 * which is no error of ours. npm's shell passes no signal on to what it started, so a parent that has gone means the same.
 */
export async function stoppable<T>(run: () => T | Promise<T>): Promise<T> {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
  }, 1000).unref();
  let isStopped = false;
  const stop = () => {
    isStopped = true;
    clearInterval(watch);
    setTimeout(() => process.exit(143), closingMs).unref();
  };
  process.once('SIGTERM', stop);
  try {
    return await run();
  } catch (error) {
    if (!isStopped) throw error;
    console.error('stopped');
    process.exit(143);
  } finally {
    clearInterval(watch);
    process.off('SIGTERM', stop);
  }
}
