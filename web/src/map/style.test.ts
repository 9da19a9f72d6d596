import { expect, test } from "vitest";
import type { MapDocument, MapLayer } from "../api/types";
import { baseStyle, inLanguage, isTiles, styleLayers, tileUrl } from "./style";

const title = { kk: "", ru: "", en: "" };
const tiles = (name: string, style: Record<string, unknown>[]): MapLayer => ({
  name,
  title,
  about: title,
  live: "never",
  shown_at_start: true,
  legend: [],
  look: { kind: "tiles", url: `/api/tiles/${name}/{z}/{x}/{y}?v=7.3`, min_zoom: 2, max_zoom: 14, style },
});
const roads = tiles("roads", [
  { id: "line", type: "line", paint: {} },
  { id: "name", type: "symbol", layout: { "text-field": ["coalesce", ["get", "name_{language}"], ["get", "name"]] } },
]);

test("the language goes into every string of a look, however deep", () => {
  expect(inLanguage({ a: ["get", "name_{language}"], b: [{ c: "{language}" }], n: 3 }, "kk")).toEqual({
    a: ["get", "name_kk"],
    b: [{ c: "kk" }],
    n: 3,
  });
});

test("a layer's parts get its source and a name of their own, and hide with it", () => {
  if (!isTiles(roads)) throw new Error("roads are tiles");
  const [line, name] = styleLayers(roads, "ru", false);
  expect(line).toMatchObject({
    id: "roads:line",
    source: "roads",
    "source-layer": "roads",
    layout: { visibility: "none" },
  });
  expect(name).toMatchObject({ layout: { "text-field": ["coalesce", ["get", "name_ru"], ["get", "name"]] } });
});

test("labels of every layer stand above all lines and fills", () => {
  const document = { layers: [roads, tiles("water", [{ id: "fill", type: "fill" }])] } as unknown as MapDocument;
  const style = baseStyle(document, "en", "http://here", () => true, {});
  expect(style.layers.map(({ id }) => id)).toEqual(["ground", "roads:line", "water:fill", "roads:name"]);
  expect(style.sources.roads).toMatchObject({
    minzoom: 2,
    maxzoom: 14,
    tiles: ["http://here/api/tiles/roads/{z}/{x}/{y}?v=7.3"],
  });
});

test("a change asks for tiles of another version", () => {
  if (!isTiles(roads)) throw new Error("roads are tiles");
  expect(tileUrl(roads.look, "http://here", 2)).toBe("http://here/api/tiles/roads/{z}/{x}/{y}?v=7.3.2");
});
