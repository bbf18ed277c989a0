'use strict';

/** Hermite step: 0 below `from`, 1 above `to`. */
function smooth(from, to, x) {
  const t = Math.min(1, Math.max(0, (x - from) / (to - from)));
  return t * t * (3 - 2 * t);
}

function distanceToSegment(px, py, [ax, ay], [bx, by]) {
  const dx = bx - ax;
  const dy = by - ay;
  const length = dx * dx + dy * dy;
  const t = length ? Math.min(1, Math.max(0, ((px - ax) * dx + (py - ay) * dy) / length)) : 0;
  return Math.hypot(px - ax - t * dx, py - ay - t * dy);
}

/** A layer of ink: how much of each pixel is covered, 0 to 1. */
class Ink {
  constructor(width, height) {
    this.width = width;
    this.height = height;
    this.cover = new Float32Array(width * height);
  }

  /** Draws a line through the points, `radius` pixels wide to each side, with soft edges and round ends. */
  drawStroke(points, radius) {
    for (let i = 1; i < points.length; i++) this.#drawSegment(points[i - 1], points[i], radius);
  }

  #drawSegment(a, b, radius) {
    const reach = radius + 1.5;
    const top = Math.max(0, Math.floor(Math.min(a[1], b[1]) - reach));
    const bottom = Math.min(this.height - 1, Math.ceil(Math.max(a[1], b[1]) + reach));
    const left = Math.max(0, Math.floor(Math.min(a[0], b[0]) - reach));
    const right = Math.min(this.width - 1, Math.ceil(Math.max(a[0], b[0]) + reach));
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        const cover = 1 - smooth(radius - 0.9, radius + 1.1, distanceToSegment(x, y, a, b));
        const at = y * this.width + x;
        // The darker value wins, so that crossing strokes leave no seam.
        this.cover[at] = Math.max(this.cover[at], cover);
      }
    }
  }
}

module.exports = { Ink, smooth };
