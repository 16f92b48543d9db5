/** Runs at the scheduler's next turn, once however often it is called before. */
export function once(schedule: (run: () => void) => void, run: () => void): () => void {
  let isDue = false;
  return () => {
    if (isDue) return;
    isDue = true;
    schedule(() => {
      isDue = false;
      run();
    });
  };
}
