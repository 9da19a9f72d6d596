/** Where it is: the address with our own geocoder, or a click on the map; how sure the place is. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Call } from "../../api/calls";
import type { FoundPlace } from "../../api/geocode";
import { metresBetween } from "../../map/ground";
import { distance } from "../../words/formats";
import { say, sayOf, titleOf } from "../../words/words";
import { useHouse } from "../house";
import { Key } from "../parts";
import { Combobox } from "./Combobox";

const REST_MS = 70; // between two keys of somebody who types fast

/** What the geocoder finds for what is typed; an older question is given up when a newer one is asked. */
export function usePlaces(near: { lon: number; lat: number } | null) {
  const { client } = useHouse();
  const [found, none] = [useSignal<FoundPlace[]>([]), useSignal(false)];
  const asked = useRef<AbortController | null>(null);
  const waiting = useRef(0);
  function stop(): void {
    window.clearTimeout(waiting.current);
    asked.current?.abort();
  }
  useEffect(() => stop, []);
  function seek(text: string): void {
    stop();
    none.value = false;
    if (text.trim().length < 2) {
      found.value = [];
      return;
    }
    const own = new AbortController();
    asked.current = own;
    waiting.current = window.setTimeout(async () => {
      const answer = await client.findPlaces(text.trim(), near, own.signal).catch(() => null);
      if (!answer || own.signal.aborted) return;
      found.value = answer.found;
      none.value = answer.found.length === 0;
    }, REST_MS);
  }
  return { found, none, seek };
}

/** From where distances count: the call's own place, else the middle of the map. */
export function useNear(place: { lon: number; lat: number } | null) {
  const { desk } = useHouse();
  return place ?? desk.view.value?.centre ?? null;
}

/** One found place: its kind, its name, what it lies in, and how far it is. */
export function PlaceOption({ one, near }: { one: FoundPlace; near: { lon: number; lat: number } | null }) {
  return (
    <>
      <span class="what">
        <b>{titleOf(one.title)}</b>
        <span class="dim">{titleOf(one.detail) || titleOf(one.area?.name)}</span>
      </span>
      <span class="side dim">
        <span>{sayOf("place.kind", one.kind)}</span>
        {near && <span>{distance(metresBetween(near, one.place))}</span>}
      </span>
    </>
  );
}

function Sureness({ call }: { call: Call }) {
  const { desk } = useHouse();
  const { place, radius_m, confidence_pct } = call;
  if (!place) return <span class="stale">{say(call.outside ? "intake.abroad" : "intake.no_place")}</span>;
  return (
    <>
      <button type="button" class="link" title={say("show_on_map")} onClick={() => desk.flyTo(place, 16)}>
        {sayOf("intake.placed_by", call.placed_by)}
      </button>
      <span class="dim">
        {radius_m !== null && ` ± ${distance(radius_m)}`}
        {confidence_pct !== null && radius_m !== null && ` (${Math.round(confidence_pct)} %)`}
        {call.area && ` · ${titleOf(call.area.name)}`}
      </span>
      {call.outside && <span class="stale"> {say("intake.outside")}</span>}
    </>
  );
}

/** What is sought without anybody typing: an address that was told, of a call that nobody has placed. */
export const sought = (call: Call): string | null => (call.place === null && call.address) || null;

/** The part of the form. */
export function AddressField({ call, may }: { call: Call; may: boolean }) {
  const { desk, intake } = useHouse();
  const near = useNear(call.place);
  const { found, none, seek } = usePlaces(near);
  const pointing = desk.pointing.value !== null;
  const told = may ? sought(call) : null;
  useEffect(() => {
    if (told) seek(told);
  }, [call.id, told]);
  return (
    <div class="field">
      <label for="intake-address">
        {say("intake.address")} <Key name="Alt A" />
      </label>
      <div class="line">
        {may ? (
          <Combobox
            id="intake-address"
            label={say("intake.address")}
            shortcut="Alt+A"
            placeholder={say("intake.address_hint")}
            value={call.address ?? ""}
            groups={[{ name: "found", title: null, options: found.value }]}
            keyOf={(one) => `${one.kind} ${one.place.lon} ${one.place.lat} ${one.title.ru}`}
            note={none.value ? say("intake.address_none") : null}
            typed={(address) => {
              intake.type({ address });
              seek(address);
            }}
            choose={(one) => intake.choosePlace(one)}
            left={() => void intake.keep()}
            sought={told !== null}
          >
            {(one) => <PlaceOption one={one} near={near} />}
          </Combobox>
        ) : (
          <span>{call.address ?? "—"}</span>
        )}
        {may && (
          <button
            type="button"
            aria-pressed={pointing}
            title={say("intake.point_hint")}
            onClick={() => {
              if (pointing) desk.pointing.value = null;
              else intake.point();
            }}
          >
            {say("intake.point")}
          </button>
        )}
      </div>
      <p class="sureness">
        {pointing ? <span class="stale">{say("intake.pointing")}</span> : <Sureness call={call} />}
      </p>
      {none.value && (
        <p class="dim" aria-hidden="true">
          {say("intake.address_none")}
        </p>
      )}
    </div>
  );
}
