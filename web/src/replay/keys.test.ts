import { signal } from "@preact/signals";
import { expect, test, vi } from "vitest";
import { pressPlayed } from "./keys";

/** A key pressed in something that lies within `inside`, told as its selectors. */
function press(key: string, inside: readonly string[] = [], more: object = {}) {
  const played = { at_ms: signal(100_000), toggle: vi.fn(), seek: vi.fn(), faster: vi.fn() };
  const preventDefault = vi.fn();
  const target = { closest: (asked: string) => inside.find((one) => asked.split(", ").includes(one)) ?? null };
  pressPlayed(played, { key, target, preventDefault, ...more } as unknown as KeyboardEvent);
  return { ...played, taken: preventDefault.mock.calls.length > 0 };
}

test("space plays, arrows go ten seconds or a minute, + and − change the speed", () => {
  expect(press(" ").toggle).toHaveBeenCalledOnce();
  expect(press("ArrowLeft").seek).toHaveBeenCalledWith(90_000);
  expect(press("ArrowRight", [], { shiftKey: true }).seek).toHaveBeenCalledWith(160_000);
  expect(press("+").faster).toHaveBeenCalledWith(1);
  expect(press("-").faster).toHaveBeenCalledWith(-1);
  expect(press("x").taken).toBe(false);
});

test("what is typed, asked or pressed elsewhere is left alone", () => {
  for (const typed of ["select", "textarea", "dialog", "input:not([type=range])"])
    expect(press(" ", [typed]).toggle).not.toHaveBeenCalled();
  for (const pressed of ["button", "a", "summary"]) expect(press(" ", [pressed]).toggle).not.toHaveBeenCalled();
  expect(press("ArrowLeft", [".maplibregl-map"]).seek).not.toHaveBeenCalled();
  expect(press(" ", [".maplibregl-map"]).toggle).toHaveBeenCalledOnce();
  expect(press("ArrowLeft", [], { ctrlKey: true }).taken).toBe(false);
});
