/** What the desk and the crew wrote to each other; what the desk has not got yet says so. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { moment } from "../words/formats";
import { say } from "../words/words";
import type { ShownMessage } from "./overlay";
import { usePage } from "./page";

/** As long as the server takes one. */
const LONGEST = 4000;
/** Kept while one looks at another tab. */
const draft = { text: "" };

function One({ message }: { message: ShownMessage }) {
  const { now } = usePage();
  return (
    <li class={message.mine ? "mine" : ""}>
      <p>{message.text}</p>
      <small>
        {!message.mine && `${message.from} · `}
        {moment(message.at, now.value)}
        {message.mine && message.state === "read" && ` · ${say("message.state.read")}`}
        {message.waiting && <em class="not-sent"> {say("crew.not_sent")}</em>}
      </small>
    </li>
  );
}

function Field() {
  const { act } = usePage();
  const text = useSignal(draft.text);
  const field = useRef<HTMLTextAreaElement>(null);
  function write(typed: string): void {
    draft.text = text.value = typed;
  }
  function send(submitted: SubmitEvent): void {
    submitted.preventDefault();
    if (!text.value.trim()) return;
    act({ kind: "message", text: text.value.trim() });
    write("");
    field.current?.focus();
  }
  return (
    <form class="write" onSubmit={send}>
      <textarea
        ref={field}
        rows={2}
        maxLength={LONGEST}
        aria-label={say("crew.message")}
        placeholder={say("crew.message")}
        value={text.value}
        onInput={(typed) => write(typed.currentTarget.value)}
      />
      <button type="submit" class="main" disabled={!text.value.trim()}>
        {say("crew.send")}
      </button>
    </form>
  );
}

/** The tab. */
export function Messages() {
  const messages = usePage().crew.here.value?.messages ?? [];
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => list.current?.scrollTo(0, list.current.scrollHeight), [messages.length]);
  return (
    <>
      {messages.length === 0 && (
        <div class="empty">
          <strong>{say("crew.no_messages")}</strong>
        </div>
      )}
      <ol class="messages" ref={list} aria-live="polite" aria-label={say("crew.tab.messages")}>
        {messages.map((message) => (
          <One key={message.key} message={message} />
        ))}
      </ol>
      <Field />
    </>
  );
}
