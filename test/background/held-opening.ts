import { IDBFactory } from 'fake-indexeddb';
import { vi } from 'vitest';

/** Databases that are opened do not answer until the function returned is called. */
export function holdOpening(): () => void {
  let answer: () => void = () => undefined;
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const open = IDBFactory.prototype.open;
  vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(function (this: IDBFactory, ...asked) {
    const request = open.apply(this, asked);
    const dispatch = request.dispatchEvent.bind(request);
    request.dispatchEvent = (event) => {
      void answered.then(() => dispatch(event));
      return true;
    };
    return request;
  });
  return answer;
}
