import { PNG } from 'pngjs';
import type { Evaluation } from '../engine/evaluation/evaluate';

type Colour = readonly [red: number, green: number, blue: number];

const white: Colour = [255, 255, 255];
const ink: Colour = [40, 44, 52];
const rule: Colour = [225, 228, 233];
/** Long and short differ in lightness too, so that they can be told apart without colour. */
const colours: Record<'long' | 'short', Colour> = { long: [214, 96, 40], short: [30, 84, 150] };

const panel = 420;
const border = 46;
const scale = 2;

/** Glyphs of 3 × 5 dots, rows from the top, three bits a row. */
const glyphs: Record<string, number> = {
  '0': 0b111101101101111,
  '1': 0b010110010010111,
  '2': 0b111001111100111,
  '3': 0b111001111001111,
  '4': 0b101101111001001,
  '5': 0b111100111001111,
  '6': 0b111100111101111,
  '7': 0b111001010010010,
  '8': 0b111101111101111,
  '9': 0b111101111001111,
  A: 0b010101111101101,
  B: 0b110101110101110,
  C: 0b011100100100011,
  D: 0b110101101101110,
  E: 0b111100110100111,
  F: 0b111100110100100,
  G: 0b011100101101011,
  H: 0b101101111101101,
  I: 0b111010010010111,
  J: 0b001001001101010,
  K: 0b101101110101101,
  L: 0b100100100100111,
  M: 0b101111111101101,
  N: 0b110101101101101,
  O: 0b010101101101010,
  P: 0b110101110100100,
  Q: 0b010101101110011,
  R: 0b110101110101101,
  S: 0b011100010001110,
  T: 0b111010010010010,
  U: 0b101101101101111,
  V: 0b101101101101010,
  W: 0b101101111111101,
  X: 0b101101010101101,
  Y: 0b101101010010010,
  Z: 0b111001010100111,
  '.': 0b000000000000010,
  ',': 0b000000000010100,
  '-': 0b000000111000000,
  '+': 0b000010111010000,
  '=': 0b000111000111000,
  '/': 0b001001010100100,
  '%': 0b101001010100101,
};

/**
 * Predicted (across) against actual (up), one panel a set, both axes logarithmic with a line per factor of ten; on the
 * diagonal the prediction is exact. Points of nothing forced lie on the lower edge.
 *
 * @returns a PNG file
 */
export function pictureOf(results: readonly Evaluation[]): Buffer {
  const png = new PNG({ width: panel * Math.max(1, results.length), height: panel });
  rectangle(png, 0, 0, png.width, png.height, white);
  results.forEach((result, k) => {
    drawPanel(png, k * panel, result);
  });
  return PNG.sync.write(png);
}

function drawPanel(png: PNG, left: number, { name, points, rho, deviance }: Evaluation): void {
  const amounts = [...points.predicted, ...points.actual].filter((value) => value > 0);
  const top = Math.ceil(Math.log10(Math.max(...amounts, 10)));
  const bottom = top - 6;
  const size = panel - 2 * border;
  const across = (value: number) => left + border + position(value, bottom, top) * size;
  const up = (value: number) => panel - border - position(value, bottom, top) * size;

  for (let decade = bottom; decade <= top; decade++) {
    const at = 10 ** decade;
    rectangle(png, across(at), border, 1, size, rule);
    rectangle(png, left + border, up(at), size, 1, rule);
    if (decade % 2 === 0) {
      write(png, across(at) - 8, panel - border + 8, `1E${decade}`);
      write(png, left + 8, up(at) - 4, `1E${decade}`);
    }
  }
  for (let step = 0; step < size; step++)
    rectangle(png, left + border + step, panel - border - step, 1, 1, ink);
  points.actual.forEach((actual, i) => {
    const colour = colours[i % 2 === 0 ? 'long' : 'short'];
    rectangle(png, across(points.predicted[i]!) - 1, up(actual) - 1, 3, 3, colour);
  });
  write(png, left + border, 10, name);
  write(png, left + border, 26, `RHO ${rho.toFixed(2)} DEVIANCE ${deviance.toFixed(2)}`);
  write(png, left + panel - border - 100, panel - border - 32, 'LONG', colours.long);
  write(png, left + panel - border - 52, panel - border - 32, 'SHORT', colours.short);
  write(png, left + panel - border - 72, panel - 20, 'PREDICTED');
  write(png, left + border + 6, border + 6, 'ACTUAL');
}

/** Place of a value between two powers of ten, 0–1. */
function position(value: number, bottom: number, top: number): number {
  const log = value > 0 ? Math.log10(value) : bottom;
  return Math.max(0, Math.min(1, (log - bottom) / (top - bottom)));
}

function write(png: PNG, x: number, y: number, text: string, colour = ink): void {
  text
    .toUpperCase()
    .split('')
    .forEach((letter, k) => {
      const dots = glyphs[letter] ?? 0;
      for (let dot = 0; dot < 15; dot++) {
        if (((dots >> (14 - dot)) & 1) === 0) continue;
        const column = k * 4 + (dot % 3);
        rectangle(png, x + column * scale, y + Math.floor(dot / 3) * scale, scale, scale, colour);
      }
    });
}

function rectangle(
  png: PNG,
  x: number,
  y: number,
  width: number,
  height: number,
  [red, green, blue]: Colour,
): void {
  for (let row = Math.max(0, Math.round(y)); row < Math.min(png.height, Math.round(y) + height); row++) {
    for (
      let column = Math.max(0, Math.round(x));
      column < Math.min(png.width, Math.round(x) + width);
      column++
    ) {
      const at = (row * png.width + column) * 4;
      png.data[at] = red;
      png.data[at + 1] = green;
      png.data[at + 2] = blue;
      png.data[at + 3] = 255;
    }
  }
}
