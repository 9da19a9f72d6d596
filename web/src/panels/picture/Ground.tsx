/** A camera's picture as the ground of a drawing, in the picture's own pixels. */
import { moment } from "../../words/formats";

type Picture = { jpeg: string; at: string };

export function Ground({ size, picture }: { size: readonly [number, number]; picture: Picture | null }) {
  const [width, height] = size;
  return (
    <>
      <rect width={width} height={height} class="ground" />
      {picture && (
        <image
          href={`data:image/jpeg;base64,${picture.jpeg}`}
          width={width}
          height={height}
          preserveAspectRatio="none"
        />
      )}
    </>
  );
}

/** Where the keyboard stands; `unit` is so many pixels of the picture. */
export function Cross({ at, unit }: { at: readonly [number, number] | null; unit: number }) {
  if (!at) return null;
  const [x, y] = at;
  return <path class="cross" d={`M${x - 2 * unit} ${y}h${4 * unit}M${x} ${y - 2 * unit}v${4 * unit}`} />;
}

/** When the picture was taken. */
export function Taken({ picture, now_ms }: { picture: Picture | null; now_ms: number }) {
  return picture && <span class="taken">{moment(picture.at, now_ms)}</span>;
}
