/**
 * Everything a page can see of the functions that the reader watches: run in the same browser with and without the
 * extension, it must tell the same. Runs inside the page, and so refers to nothing outside itself.
 */
export async function describeFunctions(): Promise<Record<string, unknown>> {
  const told: Record<string, unknown> = {};
  const failure = (run: () => unknown): string => {
    try {
      const value = run();
      return `returned ${value === null ? 'null' : typeof value === 'object' ? Object.prototype.toString.call(value) : String(value)}`;
    } catch (error) {
      return `${Object.prototype.toString.call(error)} ${(error as Error).name}: ${(error as Error).message}`;
    }
  };
  const canvasOf = (width = 20, height = 10) =>
    Object.assign(document.createElement('canvas'), { width, height });
  const contextOf = () => canvasOf().getContext('2d')!;
  const offscreenOf = () => new OffscreenCanvas(20, 10).getContext('2d')!;

  type Subject = [name: string, owner: object, key: string, make: () => object, args: () => unknown[]];
  const drawing = (label: string, prototype: object, make: () => object): Subject[] => [
    [label, prototype, 'fillText', make, () => ['1', 2, 3]],
    [label, prototype, 'strokeText', make, () => ['1', 2, 3, 4]],
    [label, prototype, 'clearRect', make, () => [1, 2, 3, 4]],
    [label, prototype, 'drawImage', make, () => [canvasOf(), 1, 2, 3, 4]],
    [label, prototype, 'rect', make, () => [1, 2, 3, 4]],
    [label, prototype, 'clip', make, () => ['evenodd']],
    [label, prototype, 'font', make, () => ['12px serif']],
    [label, prototype, 'restore', make, () => []],
    [label, prototype, 'reset', make, () => []],
    [label, prototype, 'moveTo', make, () => [1, 2]],
    [label, prototype, 'lineTo', make, () => [1, 2]],
    [label, prototype, 'fillRect', make, () => [1, 2, 3, 4]],
  ];
  const bitmapOf = () => {
    const canvas = new OffscreenCanvas(4, 4);
    canvas.getContext('2d');
    return canvas;
  };
  const subjects: Subject[] = [
    ...drawing('canvas', CanvasRenderingContext2D.prototype, contextOf),
    ...drawing('offscreen', OffscreenCanvasRenderingContext2D.prototype, offscreenOf),
    ['path', Path2D.prototype, 'rect', () => new Path2D(), () => [1, 2, 3, 4]],
    ['offscreen', OffscreenCanvas.prototype, 'transferToImageBitmap', bitmapOf, () => []],
    [
      'bitmap',
      ImageBitmapRenderingContext.prototype,
      'transferFromImageBitmap',
      () => canvasOf().getContext('bitmaprenderer')!,
      () => [null],
    ],
    ['window', window, 'createImageBitmap', () => window, () => [canvasOf()]],
    ['canvas', HTMLCanvasElement.prototype, 'width', canvasOf, () => [7]],
    ['canvas', HTMLCanvasElement.prototype, 'height', canvasOf, () => [7]],
    ['offscreen', OffscreenCanvas.prototype, 'width', () => new OffscreenCanvas(4, 4), () => [7]],
    ['offscreen', OffscreenCanvas.prototype, 'height', () => new OffscreenCanvas(4, 4), () => [7]],
    ['canvas', HTMLCanvasElement.prototype, 'getContext', canvasOf, () => ['2d']],
    [
      'canvas',
      HTMLCanvasElement.prototype,
      'transferControlToOffscreen',
      () => document.createElement('canvas'),
      () => [],
    ],
  ];

  for (const [label, owner, key, make, args] of subjects) {
    const descriptor = Object.getOwnPropertyDescriptor(owner, key)!;
    const method = (descriptor.set ?? descriptor.value) as (...args: unknown[]) => unknown;
    const call = (self: unknown, given: unknown[]) =>
      failure(() => {
        const value = Reflect.apply(method, self, given);
        if (value instanceof Promise) value.catch(() => {});
        return value;
      });
    // Which arguments are asked for their value, by which way, and how often.
    const asked: string[] = [];
    const spies = args().map((value, i) =>
      typeof value === 'object'
        ? value
        : {
            [Symbol.toPrimitive](hint: string) {
              asked.push(`${i} ${hint}`);
              return value;
            },
          },
    );
    const thrower = {
      valueOf() {
        throw new RangeError('from the page');
      },
    };
    told[`${label} ${key}`] = {
      flags: [
        descriptor.configurable,
        descriptor.enumerable,
        descriptor.writable,
        Object.keys(descriptor).join(),
      ],
      name: method.name,
      length: method.length,
      // Sorted: Firefox makes them in the order they are asked for.
      keys: Reflect.ownKeys(method).map(String).sort(),
      own: ['length', 'name'].map((field) => Object.getOwnPropertyDescriptor(method, field)),
      source: Function.prototype.toString.call(method),
      shown: Object.prototype.toString.call(method),
      kind: [typeof method, 'prototype' in method, Object.getPrototypeOf(method) === Function.prototype],
      extensible: Object.isExtensible(method),
      constructed: failure(() => new (method as unknown as new () => unknown)()),
      extended: failure(() => class extends (method as unknown as new () => object) {}),
      // Firefox gives a window its functions when they are first asked for: their order says nothing.
      position: owner === window ? 0 : Reflect.ownKeys(owner).indexOf(key),
      same: Object.getOwnPropertyDescriptor(owner, key)![descriptor.set ? 'set' : 'value'] === method,
      works: call(make(), args()),
      bound: failure(() => typeof Reflect.apply(method.bind(make()), undefined, args())),
      strangers: [undefined, null, 1, {}, [], document.body, Object.create(owner)].map((self) =>
        call(self, args()),
      ),
      few: [0, 1, 2, 3].map((count) => call(make(), args().slice(0, count))),
      many: call(make(), [...args(), ...args(), 1, 2, 3, 4]),
      odd: [
        Number.NaN,
        Number.POSITIVE_INFINITY,
        '5',
        null,
        undefined,
        {},
        [],
        true,
        Symbol.iterator,
        5n,
      ].map((value) =>
        call(
          make(),
          args().map(() => value),
        ),
      ),
      spied: call(make(), spies),
      asked,
      thrown: call(
        make(),
        args().map(() => thrower),
      ),
      reflected: failure(
        () => typeof Object.defineProperty(method, 'mark', { value: 1, configurable: true }),
      ),
      removed: failure(() => Reflect.deleteProperty(method, 'mark')),
    };
  }

  // Canvases that are no longer the page's to draw on.
  const gone = document.createElement('canvas');
  gone.transferControlToOffscreen();
  told.transferred = [
    failure(() => {
      gone.width = 5;
    }),
    failure(() => gone.getContext('2d')),
    failure(() => contextOf().drawImage(gone, 0, 0)),
    failure(() => gone.transferControlToOffscreen()),
  ];
  const closed = bitmapOf().transferToImageBitmap();
  closed.close();
  told.closed = [
    failure(() => contextOf().drawImage(closed, 0, 0)),
    failure(() => canvasOf().getContext('bitmaprenderer')!.transferFromImageBitmap(closed)),
    failure(() => new OffscreenCanvas(4, 4).transferToImageBitmap()),
    failure(() => contextOf().drawImage(canvasOf(0, 5), 0, 0)),
  ];

  // Promises, their kind and their failures.
  const promised = async (...given: unknown[]) => {
    try {
      const promise = (createImageBitmap as unknown as (...args: unknown[]) => Promise<ImageBitmap>)(
        ...given,
      );
      const kind = Object.getPrototypeOf(promise) === Promise.prototype;
      const bitmap = await promise;
      return [kind, bitmap.width, bitmap.height, Object.getPrototypeOf(bitmap) === ImageBitmap.prototype];
    } catch (error) {
      return `${(error as Error).name}: ${(error as Error).message}`;
    }
  };
  const painted = contextOf();
  painted.fillText('12345', 2, 8);
  told.bitmaps = [
    await promised(painted.canvas),
    await promised(painted.canvas, 2, 1, 5, 4),
    await promised(painted.canvas, { resizeWidth: 3, resizeHeight: 3 }),
    await promised(painted.canvas, 1, 2, 0, 4),
    await promised(canvasOf(0, 0)),
    await promised({}),
    await promised(),
    await promised(closed),
  ];

  // Subclasses, instances with methods of their own, and inherited setters.
  class Own extends Path2D {
    override rect(x: number, y: number, width: number, height: number) {
      super.rect(x, y, width, height);
    }
  }
  const shadowed = contextOf();
  Object.defineProperty(shadowed, 'fillText', { value: () => 'own' });
  told.subclass = [
    failure(() => new Own().rect(1, 2, 3, 4)),
    failure(() => (shadowed.fillText as () => unknown)()),
    failure(() => Reflect.set(HTMLCanvasElement.prototype, 'width', 5, canvasOf())),
    failure(() => Reflect.set(HTMLCanvasElement.prototype, 'width', 5, {})),
    failure(() => {
      const canvas = canvasOf();
      canvas.width = -1;
      canvas.height = 1e10;
      return `${canvas.width} ${canvas.height}`;
    }),
  ];

  // Another realm: its functions are its own, take our objects, and throw its own errors.
  const frame = document.createElement('iframe');
  document.body.append(frame);
  const other = frame.contentWindow as unknown as typeof globalThis;
  const foreign = other.CanvasRenderingContext2D.prototype.fillText;
  const foreignFailure = (() => {
    try {
      (foreign as unknown as () => void).call({});
    } catch (error) {
      return [error instanceof other.TypeError, error instanceof TypeError, (error as Error).message];
    }
    return undefined;
  })();
  const foreignContext = frame.contentDocument!.createElement('canvas').getContext('2d')!;
  told.realm = [
    foreign !== CanvasRenderingContext2D.prototype.fillText,
    Object.getPrototypeOf(foreign) === other.Function.prototype,
    failure(() => foreign.call(contextOf(), '1', 2, 3)),
    failure(() => contextOf().fillText.call(foreignContext, '1', 2, 3)),
    failure(() => contextOf().drawImage(foreignContext.canvas, 1, 1)),
    foreignFailure,
  ];
  frame.remove();
  told.detached = failure(() => foreignContext.fillText('1', 2, 3));

  // What is drawn is the same to the last byte.
  const canvas = canvasOf(60, 60);
  const context = canvas.getContext('2d')!;
  const part = canvasOf(30, 30);
  part.getContext('2d')!.fillText('1.5', 3, 20);
  context.save();
  context.beginPath();
  context.rect(5, 5, 40, 40);
  context.clip();
  context.drawImage(part, 3, 4);
  context.strokeText('64,000', 2, 30);
  context.clearRect(10, 10, 5, 5);
  context.restore();
  context.moveTo(1, 55);
  context.lineTo(50, 55);
  context.stroke();
  context.fillRect(1, 50, 50, 1);
  told.pixels = Array.from(context.getImageData(0, 0, 60, 60).data).reduce(
    (sum, byte, i) => (sum * 31 + byte + i) % 2147483647,
    7,
  );
  told.globals = Reflect.ownKeys(window)
    .map(String)
    .filter((name) => /liq|band|chart/i.test(name) && !/^(LightweightCharts|__)/.test(name));
  return told;
}
