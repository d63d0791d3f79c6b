// From a file to a bitmap, and its faces in pixels of the file.

/** Browsers on telephones refuse larger pictures. */
const MOST_PIXELS = 16_000_000;

/** Opens a picture file. Returns its bitmap, and how many of the file's pixels one of the bitmap's is, across and down. */
export async function openPhoto(file) {
  let bitmap;
  try {
    // Upright as a camera noted it, with the numbers of the file: as `predict` opens it.
    bitmap = await createImageBitmap(file, { imageOrientation: "from-image", colorSpaceConversion: "none" });
  } catch {
    const name = file.name ? `“${file.name}”` : "This file";
    throw new Error(`${name} cannot be opened: it is no picture that this browser reads, or it is damaged.`);
  }
  const { width, height } = bitmap;
  const shrink = Math.sqrt(MOST_PIXELS / (width * height));
  if (shrink >= 1) return { bitmap, scale: [1, 1] };
  const [across, down] = [width, height].map((size) => Math.max(1, Math.round(size * shrink)));
  const smaller = await createImageBitmap(bitmap, { resizeWidth: across, resizeHeight: down, resizeQuality: "high" });
  bitmap.close();
  return { bitmap: smaller, scale: [width / across, height / down] };
}

/** A face in pixels of the file. The centre of the first pixel is 0 on both sides. */
export function scaled(face, [across, down]) {
  if (across === 1 && down === 1) return face;
  const [left, top, width, height] = face.box;
  const place = ([x, y]) => [(x + 0.5) * across - 0.5, (y + 0.5) * down - 0.5];
  const each = (all, change) => Object.fromEntries(Object.entries(all).map(([name, one]) => [name, change(one)]));
  return {
    ...face,
    box: [left * across, top * down, width * across, height * down],
    keypoints: each(face.keypoints, place),
    uncertainty: face.uncertainty && each(face.uncertainty, (pixels) => pixels * Math.sqrt(across * down)),
  };
}
