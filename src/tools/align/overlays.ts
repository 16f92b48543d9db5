import type { Subject } from './api';

/** Where the extension has drawn, in the page and in every frame of it that can be looked into. */

export interface DrawnScale {
  toY(price: number): number;
}

/** A document, or a shadow root, of this frame or of one inside it that can be looked into. */
export interface Root {
  node: ParentNode;
  /** CSS px from the top of this frame to its own. */
  top: number;
}

/** The place of the chart, and all frames inside it: libraries bring frames of their own. */
export function rootsIn(node: ParentNode, top = 0): Root[] {
  const inner = [...node.querySelectorAll('iframe')].flatMap((frame) => {
    const document = frame.contentDocument;
    return document ? rootsIn(document, top + frame.getBoundingClientRect().top + frame.clientTop) : [];
  });
  return [{ node, top }, ...inner];
}

interface Overlay extends DrawnScale {
  top: number;
  bottom: number;
}

const overlays = (root: ParentNode): Overlay[] =>
  rootsIn(root).flatMap(({ node, top }) =>
    [...node.querySelectorAll<HTMLElement>('[data-liqbands][data-axis][data-pane]')].flatMap((host) => {
      if (getComputedStyle(host).display === 'none') return [];
      const [, y, , height] = host.dataset.pane!.split(',').map(Number) as [number, number, number, number];
      const { scale, a, b } = JSON.parse(host.dataset.axis!) as {
        scale: 'linear' | 'log';
        a: number;
        b: number;
      };
      return {
        top: top + y,
        bottom: top + y + height,
        toY: (price: number) => top + y + a + b * (scale === 'log' ? Math.log(price) : price),
      };
    }),
  );

/** Whether an overlay lies over a pane of a chart. */
function liesOver({ top, bottom }: Overlay, subject: Subject): boolean {
  const plot = subject.plot();
  return top < plot.bottom - 5 && bottom > plot.top + 5;
}

/** An overlay lies over something else than the chart. */
export const isElsewhere = (root: ParentNode, subject: Subject): boolean =>
  overlays(root).some((overlay) => !liesOver(overlay, subject));

export const overlayOf = (root: ParentNode, subject: Subject): DrawnScale | undefined =>
  overlays(root).find((overlay) => liesOver(overlay, subject));
