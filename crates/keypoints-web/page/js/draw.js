// Boxes, points and rings on a canvas.

const BRIGHT = "#ffd23f";
const POINT = "#4de3ff";
const HAZE = "rgb(77 227 255 / 25%)";
const DARK = "rgb(0 0 0 / 60%)";

/** Draws a picture and its faces. `view` says how many pixels of the canvas one of the picture is, how many one of the page is, and whether
 * the picture is mirrored. */
export function draw(context, picture, faces, { scale, dense, mirrored, rings, chosen }) {
  const { width, height } = context.canvas;
  context.setTransform(mirrored ? -1 : 1, 0, 0, 1, mirrored ? width : 0, 0);
  context.drawImage(picture, 0, 0, width, height);
  const thick = 1.5 * dense;
  for (const [number, face] of faces.entries()) {
    const [left, top, wide, high] = face.box.map((length) => length * scale);
    twice(context, thick, BRIGHT, () => context.strokeRect(left, top, wide, high));
    const size = Math.min(2.4, Math.max(1, (face.box[2] * scale) / dense / 90)) * dense;
    for (const [name, point] of Object.entries(face.keypoints)) {
      const [x, y] = point.map((place) => (place + 0.5) * scale);
      const isChosen = chosen?.face === number && chosen.name === name;
      const uncertainty = rings && face.uncertainty?.[name];
      if (uncertainty) {
        const radius = uncertainty * scale;
        context.fillStyle = HAZE;
        circle(context, x, y, radius, "fill");
        twice(context, 0.8 * dense, isChosen ? BRIGHT : POINT, () => circle(context, x, y, radius, "stroke"));
      } else {
        context.fillStyle = DARK;
        circle(context, x, y, size + dense, "fill");
      }
      // Within a ring a point is as small as can be seen.
      const dot = (uncertainty ? 0.9 * dense : size) + (isChosen ? dense : 0);
      context.fillStyle = isChosen ? BRIGHT : POINT;
      circle(context, x, y, dot, "fill");
    }
  }
  context.setTransform(1, 0, 0, 1, 0, 0);
  // Last, and never mirrored: it is text.
  for (const face of faces) {
    const [left, top, wide] = face.box.map((length) => length * scale);
    const title = "id" in face ? `face ${face.id}` : face.score.toFixed(2);
    label(context, title, mirrored ? width - left - wide : left, top, dense);
  }
}

/** Strokes a bright line on a dark one: it can be seen on any picture. */
function twice(context, thick, colour, stroke) {
  for (const [style, width] of [[DARK, 2.5 * thick], [colour, thick]]) {
    context.strokeStyle = style;
    context.lineWidth = width;
    stroke();
  }
}

function circle(context, x, y, radius, how) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context[how]();
}

function label(context, text, left, top, dense) {
  context.font = `600 ${12 * dense}px system-ui, sans-serif`;
  const [wide, high] = [context.measureText(text).width + 8 * dense, 18 * dense];
  const x = Math.max(0, Math.min(left, context.canvas.width - wide));
  const y = top >= high ? top - high : Math.max(0, top);
  context.fillStyle = "rgb(16 21 26 / 80%)";
  context.fillRect(x, y, wide, high);
  context.fillStyle = BRIGHT;
  context.textBaseline = "middle";
  context.fillText(text, x + 4 * dense, y + high / 2 + dense / 2);
}
