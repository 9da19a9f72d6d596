/** The crew's door: name and password, the second factor where one is owed, a first password of one's own. */
import { useSignal } from "@preact/signals";
import { Owed, Password } from "../panels/dialogs/signing";
import { useTrial } from "../panels/dialogs/trial";
import { Mark } from "../panels/Mark";
import { say } from "../words/words";
import type { Door } from "./crew";
import { usePage } from "./page";
import { Languages } from "./UnitTab";

/** Why one stands here, where one does not expect it. */
function Why({ door }: { door: Door }) {
  const unsent = usePage().outbox.waiting.value.length;
  const why = door.is === "shut" ? door.why : null;
  if (!why && unsent === 0) return null;
  return (
    <p class="ended" role="status">
      {why === "ended" && `${say("signin.ended")} `}
      {why === "no_answer" && `${say("signin.offline")} `}
      {unsent > 0 && say("crew.unsent_kept", { n: unsent })}
    </p>
  );
}

/** The page. */
export function SignIn({ door }: { door: Door }) {
  const { client, crew } = usePage();
  const trial = useTrial();
  const typed = useSignal("");
  const session = door.is === "owing" ? door.session : null;
  async function signIn(user: string, password: string): Promise<void> {
    typed.value = password;
    await crew.enter(await client.signIn(user, password));
  }
  return (
    <main class="signin">
      <Mark size={56} />
      <h1 id="signin-title">{say("crew.title")}</h1>
      <Why door={door} />
      {!session && <Password trial={trial} signIn={signIn} />}
      {session && <Owed entrance={{ ...crew, client }} session={session} old={typed.value} trial={trial} />}
      <Languages />
    </main>
  );
}
