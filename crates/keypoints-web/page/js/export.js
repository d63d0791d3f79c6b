// Faces as CSV and as JSON, as `predict` writes them.

const thousandths = (value) => Math.round(value * 1000) / 1000;

/** The faces of a picture as JSON. */
export function toJson(picture, faces) {
  const each = (all, change) => Object.fromEntries(Object.entries(all).map(([name, one]) => [name, change(one)]));
  const rounded = faces.map(({ id, box, score, keypoints, uncertainty }) => ({
    id,
    box: box.map(thousandths),
    score: thousandths(score),
    keypoints: each(keypoints, (point) => point.map(thousandths)),
    uncertainty: uncertainty && each(uncertainty, thousandths),
  }));
  return `${JSON.stringify([{ picture, faces: rounded }], null, 1)}\n`;
}

/** A row per face. `names` are those of the points, in order. */
export function toCsv(picture, faces, names) {
  const columns = ["picture", "face", "left", "top", "width", "height", "score"];
  for (const name of names) columns.push(`${name}_x`, `${name}_y`);
  for (const name of names) columns.push(`${name}_uncertainty`);
  const number = (value) => (value === undefined ? "" : value.toFixed(3));
  const rows = faces.map(({ id, box, score, keypoints, uncertainty }, index) => [
    quoted(picture),
    id ?? index + 1,
    ...box.map(number),
    number(score),
    ...names.flatMap((name) => [0, 1].map((axis) => number(keypoints[name]?.[axis]))),
    ...names.map((name) => number(uncertainty?.[name])),
  ]);
  return [columns, ...rows].map((row) => `${row.join(",")}\n`).join("");
}

function quoted(text) {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Lets the browser save a text as a file. */
export function save(text, name, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  // The browser may need the address for a moment yet.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
