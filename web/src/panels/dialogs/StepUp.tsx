/** Who are you, once more: before what weighs, for ten minutes. */

import { signWith } from "../../access/passkey";
import type { Proof } from "../../api/access";
import type { Means } from "../../api/insist";
import { say } from "../../words/words";
import { Alert } from "../Alert";
import { useHouse } from "../house";
import { Buttons, Dialog } from "./Dialog";
import { digits, PasskeyButton, ProofFields } from "./proof";
import { fieldsOf, useTrial } from "./trial";

/** The dialog; `answer` is told whether the person proved it. */
export function StepUp({ means, answer }: { means: readonly Means[]; answer: (proven: boolean) => void }) {
  const { client, desk } = useHouse();
  const { busy, wrong, attempt } = useTrial();
  const typed = means.includes("totp") || means.includes("password");
  const cancel = () => answer(false);
  async function prove(proof: () => Promise<Proof>): Promise<void> {
    const proven = await attempt(async () => client.stepUp(await proof()));
    if (!proven) return;
    desk.renew(proven.done);
    answer(true);
  }
  function submit(submitted: SubmitEvent): Promise<void> {
    const { code, password = "" } = fieldsOf(submitted);
    return prove(async () => (means.includes("totp") ? { code: digits(code) } : { password }));
  }
  const passkey = () => prove(async () => ({ webauthn: await signWith(await client.passkeyOptions()) }));
  return (
    <Dialog title={say("step_up.title")} close={cancel}>
      <form onSubmit={submit}>
        <p class="dim">{say("step_up.why")}</p>
        <ProofFields means={means} />
        {means.includes("webauthn") && <PasskeyButton busy={busy.value} main={!typed} onClick={passkey} />}
        <Alert>{wrong.value}</Alert>
        {typed && <Buttons busy={busy.value} submit={say("step_up.submit")} cancel={cancel} />}
      </form>
    </Dialog>
  );
}
