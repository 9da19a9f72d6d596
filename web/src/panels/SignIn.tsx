/** The door for people. */
import { useSignal } from "@preact/signals";
import { Refused } from "../api/client";
import { say, titleOf } from "../words/words";
import { useHouse } from "./house";
import { Mark } from "./Mark";
import { LanguageSwitch } from "./TopBar";

/** Ask for a name and a password. */
export function SignIn() {
  const { client, desk } = useHouse();
  const [wrong, busy] = [useSignal(""), useSignal(false)];
  async function enter(submitted: SubmitEvent): Promise<void> {
    submitted.preventDefault();
    const fields = new FormData(submitted.target as HTMLFormElement);
    busy.value = true;
    try {
      const answer = await client.signIn(String(fields.get("user")), String(fields.get("password")));
      await desk.load(answer.account);
    } catch (error) {
      wrong.value = error instanceof Refused && error.title ? titleOf(error.title) : say("signin.offline");
    } finally {
      busy.value = false;
    }
  }
  return (
    <main class="signin">
      <form onSubmit={enter} aria-labelledby="signin-title">
        <Mark size={56} />
        <h1 id="signin-title">{say("app.title")}</h1>
        <p class="dim">{say("app.tagline")}</p>
        <label>
          {say("signin.user")}
          <input name="user" autocomplete="username" autocapitalize="off" spellcheck={false} required />
        </label>
        <label>
          {say("signin.password")}
          <input name="password" type="password" autocomplete="current-password" required />
        </label>
        <p class="wrong" role="alert">
          {wrong.value}
        </p>
        <button class="primary" type="submit" disabled={busy.value}>
          {busy.value ? say("signin.busy") : say("signin.submit")}
        </button>
        <LanguageSwitch />
      </form>
    </main>
  );
}
