/** Label fonts for MapLibre's `font-faces`: our own woff2 files, no glyph server. Kazakh needs cyrillic and cyrillic-ext. */

import cyrillic400 from "@fontsource/noto-sans/files/noto-sans-cyrillic-400-normal.woff2?url";
import cyrillic600 from "@fontsource/noto-sans/files/noto-sans-cyrillic-600-normal.woff2?url";
import extended400 from "@fontsource/noto-sans/files/noto-sans-cyrillic-ext-400-normal.woff2?url";
import extended600 from "@fontsource/noto-sans/files/noto-sans-cyrillic-ext-600-normal.woff2?url";
import latin400 from "@fontsource/noto-sans/files/noto-sans-latin-400-normal.woff2?url";
import latin600 from "@fontsource/noto-sans/files/noto-sans-latin-600-normal.woff2?url";
import latinExtended400 from "@fontsource/noto-sans/files/noto-sans-latin-ext-400-normal.woff2?url";
import latinExtended600 from "@fontsource/noto-sans/files/noto-sans-latin-ext-600-normal.woff2?url";

const CYRILLIC = ["U+0301", "U+0400-045F", "U+0490-0491", "U+04B0-04B1", "U+2116"];
const CYRILLIC_EXTENDED = ["U+0460-048F", "U+0492-04AF", "U+04B2-052F", "U+20B4"];
const LATIN = ["U+0000-00FF", "U+2000-206F", "U+20AC"];
const LATIN_EXTENDED = ["U+0100-02BA", "U+1E00-1E9F", "U+20AD-20C0"];

const absolute = (url: string) => new URL(url, location.href).href;

function faces(cyrillic: string, extended: string, latin: string, latinExtended: string) {
  return [
    { url: absolute(cyrillic), "unicode-range": CYRILLIC },
    { url: absolute(extended), "unicode-range": CYRILLIC_EXTENDED },
    { url: absolute(latin), "unicode-range": LATIN },
    { url: absolute(latinExtended), "unicode-range": LATIN_EXTENDED },
  ];
}

/** The two fonts that looks may name in `text-font`. */
export function fontFaces() {
  return {
    "Noto Sans Regular": faces(cyrillic400, extended400, latin400, latinExtended400),
    "Noto Sans SemiBold": faces(cyrillic600, extended600, latin600, latinExtended600),
  };
}

/** Wait for the letters: labels are drawn through a canvas, and what is not loaded then stays wrong. */
export async function fontsReady(): Promise<void> {
  const sample = "Қазақстан ӘҒҚҢӨҰҮҺІ Abc 123";
  await Promise.all(["400 24px 'Noto Sans'", "600 24px 'Noto Sans'"].map((font) => document.fonts.load(font, sample)));
}
