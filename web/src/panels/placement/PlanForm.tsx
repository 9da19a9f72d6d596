/** Asking for a plan: what for, where, which kinds at which price, and for how much, how many, or until what is seen. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Aim, NewPlan, Offer, Source } from "../../api/placement";
import { say, titleOf } from "../../words/words";
import { useHouse } from "../house";

const AIMS: Aim[] = ["number", "budget", "cover"];
const FIRST: Record<Aim, number> = { number: 10, budget: 10_000_000, cover: 50 };
const STEP_M = 40;

function Kinds({ offer }: { offer: Offer }) {
  return (
    <fieldset>
      <legend>{say("placement.kinds", { currency: offer.currency })}</legend>
      {offer.kinds.map((kind) => (
        <div class="priced" key={kind.name}>
          <label class="tick">
            <input type="checkbox" name={`kind:${kind.name}`} defaultChecked />
            {titleOf(kind.title)}
          </label>
          <input
            type="number"
            name={`price:${kind.name}`}
            aria-label={say("placement.price_of", { kind: titleOf(kind.title) })}
            min={1}
            defaultValue={kind.price}
          />
        </div>
      ))}
    </fieldset>
  );
}

function Sources({ offer }: { offer: Offer }) {
  return (
    <fieldset>
      <legend>{say("placement.sources")}</legend>
      {offer.mounts.map((mount) => (
        <label class="tick" key={mount.name}>
          <input type="checkbox" name={`source:${mount.name}`} defaultChecked />
          {titleOf(mount.title)}
        </label>
      ))}
      <label class="field">
        {say("placement.step")}
        <input type="number" name="step_m" min={10} max={500} defaultValue={STEP_M} />
      </label>
    </fieldset>
  );
}

function Where() {
  const { placing, desk } = useHouse();
  const areas = desk.areas();
  const drawn = placing.shape.value !== null;
  return (
    <>
      <label class="field">
        {say("placement.area")}
        <select name="area" disabled={drawn}>
          {areas.map((area) => (
            <option key={area.id} value={area.id}>
              {titleOf(area.name)}
            </option>
          ))}
        </select>
      </label>
      <p class="line">
        <button type="button" onClick={() => void placing.drawShape()}>
          {say(drawn ? "placement.redraw" : "placement.draw")}
        </button>
        {drawn && (
          <button type="button" class="quiet" onClick={() => (placing.shape.value = null)}>
            {say("placement.whole_area")}
          </button>
        )}
      </p>
    </>
  );
}

function wishOf(form: HTMLFormElement, offer: Offer, shaped: boolean): NewPlan {
  const data = new FormData(form);
  const told = (name: string) => String(data.get(name) ?? "");
  const aim = told("aim") as Aim;
  const kinds = offer.kinds
    .filter((kind) => data.has(`kind:${kind.name}`))
    .map((kind) => ({ name: kind.name, price: Number(told(`price:${kind.name}`)) || kind.price }));
  const sources = offer.mounts.map((mount) => mount.name).filter((name: Source) => data.has(`source:${name}`));
  const amount = Number(told("amount"));
  return {
    name: told("name"),
    purpose: told("purpose"),
    aim,
    amount: aim === "cover" ? amount / 100 : amount,
    ...(!shaped && { area_id: Number(told("area")) }),
    kinds,
    sources,
    step_m: Number(told("step_m")) || STEP_M,
  };
}

/** The form. */
export function PlanForm({ done }: { done: () => void }) {
  const { placing, surveying } = useHouse();
  const aim = useSignal<Aim>("number");
  const amount = useSignal(FIRST.number);
  const offer = placing.offer.value;
  const purposes = surveying.coverage.value?.purposes ?? [];
  useEffect(() => void surveying.look(), []);
  if (!offer) return null;
  async function send(submitted: SubmitEvent): Promise<void> {
    submitted.preventDefault();
    const wish = wishOf(submitted.currentTarget as HTMLFormElement, offer as Offer, placing.shape.peek() !== null);
    if (await placing.make(wish)) done();
  }
  return (
    <form class="stack inset placing" onSubmit={(submitted) => void send(submitted)}>
      <label class="field">
        {say("placement.name")}
        <input name="name" required maxLength={200} />
      </label>
      <label class="field">
        {say("coverage.purpose")}
        <select name="purpose" defaultValue={surveying.purpose.value}>
          {purposes.map((one) => (
            <option key={one.name} value={one.name} selected={one.name === surveying.purpose.value}>
              {titleOf(one.title)}
            </option>
          ))}
        </select>
      </label>
      <Where />
      <div class="pair">
        <label class="field">
          {say("placement.aim")}
          <select
            name="aim"
            value={aim.value}
            onChange={(e) => {
              aim.value = e.currentTarget.value as Aim;
              amount.value = FIRST[aim.value];
            }}
          >
            {AIMS.map((one) => (
              <option key={one} value={one}>
                {say(`placement.aim.${one}` as "placement.aim.number")}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          {aim.value === "budget" ? offer.currency : aim.value === "cover" ? "%" : say("placement.pieces")}
          <input
            type="number"
            name="amount"
            required
            min={1}
            max={aim.value === "cover" ? 100 : undefined}
            value={amount.value}
            onInput={(e) => (amount.value = e.currentTarget.valueAsNumber)}
          />
        </label>
      </div>
      <details>
        <summary>{say("placement.more")}</summary>
        <Kinds offer={offer} />
        <Sources offer={offer} />
      </details>
      <p class="line">
        <button type="submit" class="primary" disabled={placing.busy.value}>
          {say("placement.propose")}
        </button>
        <button type="button" onClick={done}>
          {say("cancel")}
        </button>
      </p>
    </form>
  );
}
