/** The machines that report, and the keys that they come with. */

import { useSignal } from "@preact/signals";
import type { Key, Source } from "../../api/access";
import { say, titleOf } from "../../words/words";
import { Alert } from "../Alert";
import { useTrial } from "../dialogs/trial";
import { useHouse } from "../house";
import { useAsked } from "../page/asked";
import { Moment } from "../page/fields";
import { NewKey } from "./NewKey";
import { NewSource } from "./NewSource";

function KeyRow({ own, revoke, busy }: { own: Key; revoke: (() => void) | null; busy: boolean }) {
  const good = own.state === "good";
  return (
    <tr class={good ? "" : "over"}>
      <th scope="row">№ {own.id}</th>
      <td>
        <Moment at={own.created_at} />
      </td>
      <td>{own.expires_at ? <Moment at={own.expires_at} /> : say("key.never_expires")}</td>
      <td>{own.last_used_at ? <Moment at={own.last_used_at} /> : say("key.never_used")}</td>
      <td>
        <span class={`status ${good ? "free" : "away"}`}>{say(`key.state.${own.state}`)}</span>
      </td>
      <td class="end">
        {revoke && good && (
          <button
            type="button"
            class="quiet"
            aria-label={`${say("key.revoke")} № ${own.id}`}
            disabled={busy}
            onClick={revoke}
          >
            {say("key.revoke")}
          </button>
        )}
      </td>
    </tr>
  );
}

function Keys({ source, revoke, busy }: { source: Source; revoke: ((id: number) => void) | null; busy: boolean }) {
  if (source.keys.length === 0) return <p class="empty">{say("key.none")}</p>;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{say("key.title")}</th>
          <th scope="col">{say("key.made")}</th>
          <th scope="col">{say("key.expires")}</th>
          <th scope="col">{say("key.used")}</th>
          <th scope="col">{say("account.state")}</th>
          <td />
        </tr>
      </thead>
      <tbody>
        {source.keys.map((own) => (
          <KeyRow key={own.id} own={own} busy={busy} revoke={revoke && (() => revoke(own.id))} />
        ))}
      </tbody>
    </table>
  );
}

/** The part of the page. */
export function Sources() {
  const { client, desk } = useHouse();
  const { value, wrong, again } = useAsked(client.sources);
  const trial = useTrial();
  const [making, keyed] = [useSignal(false), useSignal<Source | null>(null)];
  const writes = desk.may("sources.write");
  async function change(work: () => Promise<unknown>, said: string): Promise<void> {
    if (!(await trial.attempt(work))) return;
    desk.tell(said);
    await again();
  }
  const revoke = (id: number) => change(() => client.revokeKey(id), say("key.revoked"));
  return (
    <div class="scrolls single" tabIndex={0} role="group" aria-label={say("admin.sources")}>
      <div class="line spread">
        <p class="dim">{say("key.rotate_how")}</p>
        {writes && (
          <button type="button" class="primary" onClick={() => (making.value = true)}>
            {say("source.make")}
          </button>
        )}
      </div>
      <Alert>{trial.wrong.value || wrong.value}</Alert>
      {value.value?.sources.map((source) => (
        <section class="source" key={source.id} aria-labelledby={`source-${source.id}`}>
          <header>
            <h3 id={`source-${source.id}`}>{source.name}</h3>
            <p class="dim">
              {say(`source.kind.${source.kind}`)} · {titleOf(source.area.name)}
              {!source.enabled && ` · ${say("source.off")}`}
            </p>
            <span class="room" />
            {writes && (
              <button
                type="button"
                class="quiet"
                disabled={trial.busy.value}
                onClick={() => change(() => client.enableSource(source.id, !source.enabled), say("saved"))}
              >
                {source.enabled ? say("account.switch_off") : say("account.switch_on")}
              </button>
            )}
            {writes && (
              <button
                type="button"
                aria-label={`${say("key.make")}: ${source.name}`}
                onClick={() => (keyed.value = source)}
              >
                {say("key.make")}
              </button>
            )}
          </header>
          <Keys source={source} busy={trial.busy.value} revoke={writes ? (id) => void revoke(id) : null} />
        </section>
      ))}
      {making.value && <NewSource close={() => (making.value = false)} made={() => void again()} />}
      {keyed.value && <NewKey source={keyed.value} close={() => (keyed.value = null)} made={() => void again()} />}
    </div>
  );
}
