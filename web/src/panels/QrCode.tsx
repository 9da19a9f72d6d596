/** A text as a code that a telephone's camera reads; dark on light, because many cameras read no other. */
import { qrCode } from "../qr/matrix";

const MARGIN = 4; // squares that must stay light around it (ISO/IEC 18004, 5.3.8)

/** Nothing where the text is too long: it stands beside the code as well. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const rows = qrCode(text);
  if (!rows) return null;
  const size = rows.length + 2 * MARGIN;
  const dark = rows.flatMap((row, y) => row.flatMap((on, x) => (on ? [`M${x + MARGIN} ${y + MARGIN}h1v1h-1z`] : [])));
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={dark.join("")} fill="#000" />
    </svg>
  );
}
