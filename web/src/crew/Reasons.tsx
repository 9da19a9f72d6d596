/** Why not: one of the reasons that the server names, or one's own words. */
import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { say, titleOf } from "../words/words";
import { usePage } from "./page";
import type { Reason } from "./values";

type Asked = {
  title: string;
  /** What needs the reason. */
  of: { status: string } | { duty: string };
  submit: string;
  /** Whether it may be done without one. */
  optional?: boolean;
  done: (reason?: string) => void;
  cancel: () => void;
};
const fits = ({ means }: Reason, of: Asked["of"]) =>
  "status" in of ? means.status === of.status : means.duty === of.duty;

/** The choice; a reason that is chosen is sent at once. */
export function Reasons({ title, of, submit, optional = false, done, cancel }: Asked) {
  const known = usePage().crew.heard.value?.answer.reasons ?? [];
  const reasons = known.filter((reason) => fits(reason, of));
  const own = useSignal("");
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => form.current?.scrollIntoView({ block: "start" }), []);
  function said(submitted: SubmitEvent): void {
    submitted.preventDefault();
    if (own.value.trim() || optional) done(own.value.trim() || undefined);
  }
  return (
    <form ref={form} class="buttons reasons" onSubmit={said} aria-label={title}>
      <h3>{title}</h3>
      {reasons.map((reason) => (
        <button type="button" key={reason.code} onClick={() => done(reason.code)}>
          {titleOf(reason.title)}
        </button>
      ))}
      <label>
        {say("crew.own_words")}
        <input
          name="reason"
          maxLength={300}
          value={own.value}
          onInput={(typed) => (own.value = typed.currentTarget.value)}
        />
      </label>
      <button type="submit" class="main" disabled={!optional && !own.value.trim()}>
        {submit}
      </button>
      <button type="button" class="quiet" onClick={cancel}>
        {say("cancel")}
      </button>
    </form>
  );
}
