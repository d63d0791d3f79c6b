/** A place in pixels of the picture: x to the right, y down. 0 is the centre of the first pixel. */
export type Point = [x: number, y: number];

/** Pixels row by row, each as red, green, blue and opacity: an `ImageData`, or anything shaped like one. */
export interface PictureData {
  readonly data: Uint8ClampedArray | Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** A face. All lengths are in pixels of the picture. */
export interface Face {
  /** Left, top, width and height, from the picture's upper left corner. Upright, and as large as the face however the head leans. */
  box: [left: number, top: number, width: number, height: number];
  /** How sure the face finder is, from 0 to 1. */
  score: number;
  /** Each point by its name. A point may lie outside of the picture where the face does. */
  keypoints: Record<string, Point>;
  /** Each point's uncertainty by its name: 68 % of points lie within it. Missing where the network does not know it. */
  uncertainty?: Record<string, number>;
}

/** A face of a video. Its box and points are smoothed. */
export interface TrackedFace extends Face {
  /** The same as long as the face is followed, and never that of another face. */
  id: number;
  /** Each point as it was read in this frame. */
  raw: Record<string, Point>;
}

export interface TrackerOptions {
  /** Frames from one search for faces to the next; in between faces are followed. Default: 10. */
  searchEvery?: number;
  /** Whether points are smoothed. Default: true. */
  smooth?: boolean;
}
