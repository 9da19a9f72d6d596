/** The symbols that looks may name, drawn once on a canvas: shape and number say what colour says. */
export const CELL = 64; // px, drawn at 16–28: sharp on dense screens
const INK = "#0b0f14";
export const PRIORITY_COLOURS = ["#ff4d4f", "#e69f00", "#56b4e9", "#9aa4b2"] as const;

type Pen = CanvasRenderingContext2D;
type Symbol = { mask: boolean; draw: (pen: Pen) => void };

function polygon(pen: Pen, points: readonly (readonly [number, number])[]): void {
  pen.beginPath();
  for (const [x, y] of points) pen.lineTo(x, y);
  pen.closePath();
}
function round(pen: Pen, x: number, y: number, side: number, radius: number): void {
  pen.beginPath();
  pen.roundRect(x, y, side, side, radius);
}
function disc(pen: Pen, radius: number): void {
  pen.beginPath();
  pen.arc(32, 32, radius, 0, 2 * Math.PI);
}

// ── glyphs: what a service or a place is, about 28 px wide around the middle ──
const glyphs: Record<string, (pen: Pen) => void> = {
  police: (pen) => {
    const star = Array.from({ length: 10 }, (_, i) => {
      const [r, a] = [i % 2 ? 6.6 : 16, (Math.PI * i) / 5 - Math.PI / 2];
      return [32 + r * Math.cos(a), 33 + r * Math.sin(a)] as const;
    });
    polygon(pen, star);
    pen.fill();
  },
  ambulance: (pen) => {
    pen.fillRect(27, 18, 10, 28);
    pen.fillRect(18, 27, 28, 10);
  },
  fire: (pen) => {
    pen.beginPath();
    pen.moveTo(34, 14);
    pen.bezierCurveTo(36, 24, 46, 26, 44, 38);
    pen.bezierCurveTo(43, 45, 38, 49, 32, 49);
    pen.bezierCurveTo(25, 49, 20, 45, 20, 38);
    pen.bezierCurveTo(20, 32, 23, 30, 25, 25);
    pen.bezierCurveTo(27, 29, 29, 30, 30, 31);
    pen.bezierCurveTo(33, 26, 32, 20, 34, 14);
    pen.fill();
  },
  rescue: (pen) => {
    polygon(pen, [
      [32, 16],
      [47, 43],
      [17, 43],
    ]);
    pen.fill();
  },
  // a burner's ring
  gas: (pen) => {
    pen.lineWidth = 7;
    pen.beginPath();
    pen.arc(32, 32, 12, 0, 2 * Math.PI);
    pen.stroke();
  },
  camera: (pen) => {
    pen.beginPath();
    pen.roundRect(15, 24, 24, 17, 3);
    pen.fill();
    polygon(pen, [
      [41, 30],
      [50, 25],
      [50, 40],
      [41, 35],
    ]);
    pen.fill();
  },
  call: (pen) => {
    pen.lineWidth = 7;
    pen.lineCap = "round";
    pen.beginPath();
    pen.arc(45, 19, 25, Math.PI * 0.53, Math.PI * 0.97);
    pen.stroke();
    pen.beginPath();
    pen.arc(24, 22, 5.5, 0, 7);
    pen.arc(42, 40, 5.5, 0, 7);
    pen.fill();
  },
  hospital: (pen) => {
    pen.fillRect(21, 18, 6, 28);
    pen.fillRect(37, 18, 6, 28);
    pen.fillRect(24, 29, 16, 6);
  },
  school: (pen) => {
    polygon(pen, [
      [32, 18],
      [50, 27],
      [32, 36],
      [14, 27],
    ]);
    pen.fill();
    pen.fillRect(22, 34, 20, 9);
  },
  hydrant: (pen) => {
    disc(pen, 8);
    pen.fill();
  },
};

/** A coloured disc with the glyph cut out of it: one mask, so that the colour can come with the data. */
function stamped(glyph: string): Symbol {
  return {
    mask: true,
    draw: (pen) => {
      disc(pen, 28);
      pen.fill();
      pen.globalCompositeOperation = "destination-out";
      glyphs[glyph]?.(pen);
    },
  };
}

// Each stands on its place with a point, so that a unit that has arrived is seen beneath it.
const badgeShapes: ((pen: Pen) => void)[] = [
  (pen) =>
    polygon(pen, [
      [32, 3],
      [61, 32],
      [32, 61],
      [3, 32],
    ]), // 1: diamond
  (pen) => {
    pen.beginPath();
    pen.roundRect(9, 4, 46, 46, 8); // 2: square
    polygonInto(pen, [
      [23, 50],
      [41, 50],
      [32, 61],
    ]);
  },
  (pen) => drop(pen, 24), // 3: disc
  (pen) => drop(pen, 19), // 4: small disc
];
function polygonInto(pen: Pen, points: readonly (readonly [number, number])[]): void {
  points.forEach(([x, y], i) => {
    if (i === 0) pen.moveTo(x, y);
    else pen.lineTo(x, y);
  });
  pen.closePath();
}
/** A disc with a point at the foot of the cell. */
function drop(pen: Pen, radius: number): void {
  pen.beginPath();
  pen.arc(32, 28, radius, Math.PI * 0.68, Math.PI * 0.32);
  pen.lineTo(32, 61);
  pen.closePath();
}

/** An incident: its priority's shape, colour and number. */
function badge(priority: number): Symbol {
  return {
    mask: false,
    draw: (pen) => {
      badgeShapes[priority - 1]?.(pen);
      pen.lineJoin = "round";
      pen.lineWidth = 5;
      pen.strokeStyle = INK;
      pen.stroke();
      pen.fillStyle = PRIORITY_COLOURS[priority - 1] ?? "#fff";
      pen.fill();
      pen.fillStyle = INK;
      pen.font = "600 30px 'Noto Sans'";
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      pen.fillText(String(priority), 32, priority === 1 ? 34 : 29);
    },
  };
}

/** A new event: an ivory drop standing on its place, the glyph says where it came from. */
function pin(glyph: string, colour = "#f6f1e3"): Symbol {
  return {
    mask: false,
    draw: (pen) => {
      pen.beginPath();
      pen.arc(32, 26, 22, Math.PI * 0.8, Math.PI * 0.2);
      pen.lineTo(32, 62);
      pen.closePath();
      pen.lineJoin = "round";
      pen.lineWidth = 5;
      pen.strokeStyle = INK;
      pen.stroke();
      pen.fillStyle = colour;
      pen.fill();
      pen.fillStyle = INK;
      pen.strokeStyle = INK;
      pen.translate(8.3, 2);
      pen.scale(0.74, 0.74);
      glyphs[glyph]?.(pen);
    },
  };
}

/** A bare glyph on a dark plate, for the quiet things of the base map. */
function plate(glyph: string, colour: string): Symbol {
  return {
    mask: false,
    draw: (pen) => {
      round(pen, 8, 8, 48, 12);
      pen.fillStyle = "#1d2733";
      pen.fill();
      pen.lineWidth = 2.5;
      pen.strokeStyle = "#3a4757";
      pen.stroke();
      pen.fillStyle = colour;
      pen.strokeStyle = colour;
      pen.translate(5, 5);
      pen.scale(0.84, 0.84);
      glyphs[glyph]?.(pen);
    },
  };
}

/** The nib on the rim of a unit that says where it is heading; turned by the layer. */
const heading: Symbol = {
  mask: true,
  draw: (pen) => {
    polygon(pen, [
      [32, 0],
      [41, 13],
      [32, 10],
      [23, 13],
    ]);
    pen.fill();
  },
};
const dot: Symbol = {
  mask: true,
  draw: (pen) => {
    disc(pen, 14);
    pen.fill();
  },
};
const arrow: Symbol = {
  mask: true,
  draw: (pen) => {
    polygon(pen, [
      [32, 5],
      [53, 56],
      [32, 44],
      [11, 56],
    ]);
    pen.fill();
  },
};

export const SYMBOLS: Record<string, Symbol> = {
  "unit-police": stamped("police"),
  "unit-ambulance": stamped("ambulance"),
  "unit-fire": stamped("fire"),
  "unit-rescue": stamped("rescue"),
  "unit-gas": stamped("gas"),
  heading,
  dot,
  arrow,
  "incident-1": badge(1),
  "incident-2": badge(2),
  "incident-3": badge(3),
  "incident-4": badge(4),
  "event-camera": pin("camera"),
  "call-ringing": pin("call", "#ffd166"),
  "call-answered": pin("call", "#8fd3ff"),
  "call-ended": pin("call", "#b8a9d9"),
  "event-sensor": pin("hydrant"),
  camera: plate("camera", "#c3cedb"),
  "camera-down": plate("camera", "#7b8794"),
  "place-police": plate("police", "#8ea0b5"),
  "place-hospital": plate("hospital", "#8ea0b5"),
  "place-fire_station": plate("fire", "#8ea0b5"),
  "place-ambulance": plate("ambulance", "#8ea0b5"),
  "place-rescue": plate("rescue", "#8ea0b5"),
  "place-school": plate("school", "#8ea0b5"),
  "place-hydrant": plate("hydrant", "#5a6b7d"),
};
const NAMES = Object.keys(SYMBOLS);
const COLUMNS = 8;

export type IconMapping = Record<
  string,
  { x: number; y: number; width: number; height: number; mask: boolean; anchorY: number }
>;

function penOf(width: number, height: number): Pen {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen) throw new Error("this browser draws no canvas");
  return pen;
}

function drawAt(pen: Pen, name: string, x: number, y: number): void {
  pen.save();
  pen.translate(x, y);
  pen.fillStyle = "#fff";
  pen.strokeStyle = "#fff";
  const one = penOf(CELL, CELL);
  one.fillStyle = "#fff";
  one.strokeStyle = "#fff";
  SYMBOLS[name]?.draw(one);
  pen.drawImage(one.canvas, 0, 0);
  pen.restore();
}

/** All symbols in one picture for deck.gl, and where each stands in it. Pins stand on their point. */
export function atlas(): { image: ImageData; mapping: IconMapping } {
  const pen = penOf(COLUMNS * CELL, Math.ceil(NAMES.length / COLUMNS) * CELL);
  const mapping: IconMapping = {};
  NAMES.forEach((name, i) => {
    const [x, y] = [(i % COLUMNS) * CELL, Math.floor(i / COLUMNS) * CELL];
    drawAt(pen, name, x, y);
    const anchorY = /^(call|event|incident)-/.test(name) ? CELL - 3 : CELL / 2;
    mapping[name] = { x, y, width: CELL, height: CELL, mask: SYMBOLS[name]?.mask ?? false, anchorY };
  });
  return { image: pen.getImageData(0, 0, pen.canvas.width, pen.canvas.height), mapping };
}

/** One symbol as a picture for MapLibre, or null where the windows know none of that name. */
export function picture(name: string): ImageData | null {
  if (!(name in SYMBOLS)) return null;
  const pen = penOf(CELL, CELL);
  drawAt(pen, name, 0, 0);
  return pen.getImageData(0, 0, CELL, CELL);
}
