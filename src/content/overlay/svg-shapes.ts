/** What only cuts, fills or marks others is not drawn itself, though it has a colour: black, unless told. */
const drawnShapes =
  ':is(path, rect, line, polyline, polygon, circle):not(:is(defs, clipPath, mask, marker, pattern, symbol) *)';
/** More shapes than this are no candles: the first so many are looked at. */
const mostShapes = 3000;

/**
 * Paints what an SVG shows, as far as shapes go, so that it can be looked at as a canvas is.
 *
 * @param to with no transform of its own
 * @param pane the part of the SVG that is meant, CSS pixels of its layout
 * @param scale pixels of `to` per CSS pixel
 */
export function paintShapes(
  to: OffscreenCanvasRenderingContext2D,
  svg: SVGSVGElement,
  pane: { x: number; y: number },
  scale: number,
): void {
  const shapes = [...svg.querySelectorAll<SVGGeometryElement>(drawnShapes)];
  const placed = new DOMMatrix([scale, 0, 0, scale, -pane.x * scale, -pane.y * scale]);
  to.save();
  for (const shape of shapes.slice(0, mostShapes)) {
    const matrix = shape.getCTM();
    if (!matrix || !shape.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const drawn = shape.getAttribute('d');
    const path = new Path2D(drawn ?? '');
    if (drawn === null) {
      const { x, y, width, height } = shape.getBBox();
      path.rect(x, y, width, height);
    }
    const { fill, fillOpacity, stroke, strokeOpacity, strokeWidth } = getComputedStyle(shape);
    to.setTransform(placed.multiply(DOMMatrix.fromMatrix(matrix)));
    // Gradients and patterns lie under lines, and are faint.
    if (fill.startsWith('rgb')) {
      to.globalAlpha = Number(fillOpacity);
      to.fillStyle = fill;
      to.fill(path);
    }
    if (stroke.startsWith('rgb')) {
      to.globalAlpha = Number(strokeOpacity);
      to.strokeStyle = stroke;
      to.lineWidth = Number.parseFloat(strokeWidth);
      to.stroke(path);
    }
  }
  to.restore();
}
