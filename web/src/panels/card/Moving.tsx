/** The place of an incident is corrected: by address or by a click on the map. The old one stays on the record. */
import { useSignal } from "@preact/signals";
import type { FoundPlace } from "../../api/geocode";
import type { Incident, Place } from "../../api/types";
import { say, titleOf } from "../../words/words";
import { useHouse } from "../house";
import { PlaceOption, usePlaces } from "../intake/AddressField";
import { Combobox } from "../intake/Combobox";
import { Reason } from "./Reason";

/** Where it was pointed at, while its dialog was out of the way. */
export type Pointed = { place: Place; address: string } | null;
type Props = { incident: Incident; close: () => void; pointed: Pointed; point: () => void };

/** The dialog. */
export function Move({ incident, close, pointed, point }: Props) {
  const { life } = useHouse();
  const { found, seek } = usePlaces(incident.place);
  const [text, place] = [useSignal(pointed?.address ?? ""), useSignal<Place | null>(pointed?.place ?? null)];
  function choose(one: FoundPlace): void {
    text.value = titleOf(one.title);
    place.value = one.place;
  }
  return (
    <Reason
      title={say("life.move")}
      hint={say("life.move_hint")}
      submit={say("life.move_submit")}
      close={close}
      ready={place.value !== null}
      done={async (reason) => !!place.value && life.move(place.value, text.value.trim() || null, reason)}
    >
      <div class="field">
        {say("intake.address")}
        <div class="line">
          <Combobox
            label={say("intake.address")}
            placeholder={say("intake.address_hint")}
            value={text.value}
            groups={[{ name: "found", title: null, options: found.value }]}
            keyOf={(one) => `${one.kind} ${one.place.lon} ${one.place.lat} ${one.title.ru}`}
            typed={(typed) => {
              text.value = typed;
              seek(typed);
            }}
            choose={choose}
          >
            {(one) => <PlaceOption one={one} near={incident.place} />}
          </Combobox>
          <button type="button" onClick={point}>
            {say("intake.point")}
          </button>
        </div>
        {place.value && (
          <span class="dim">
            {place.value.lat.toFixed(5)}, {place.value.lon.toFixed(5)}
          </span>
        )}
      </div>
    </Reason>
  );
}
