/** What somebody changes in the plans, kept while they look at another page, and brought over to a newer version. */
import { batch, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Content } from "../../../api/plan_content";
import type { Plans } from "../../../api/plans";
import { changedEntries, type Entry, rebased } from "./draft";

type Left = { account_id: number; base: Plans; content: Content };
let left: Left | null = null;

const numberOf = (plans: Plans): number => plans.version?.id ?? 0;

/** The draft of an account; `newest` is what the server holds now, `base` what the draft was made from. */
export function useDraft(account_id: number, newest: Plans) {
  const mine = left?.account_id === account_id ? left : null;
  const base = useSignal(mine?.base ?? newest);
  const content = useSignal(mine?.content ?? newest.content);
  const changed = changedEntries(base.value.content, content.value);
  left = changed.length > 0 ? { account_id, base: base.value, content: content.value } : null;

  function adopt(from: Plans): void {
    batch(() => {
      base.value = from;
      content.value = from.content;
    });
  }
  useEffect(() => {
    if (changed.length === 0) adopt(newest);
  }, [newest]);

  /** Put the changes on top of what is newest; hand back what somebody else changed as well. */
  function bringOver(): Entry[] {
    const { content: over, both } = rebased(base.value.content, content.value, newest.content);
    batch(() => {
      base.value = newest;
      content.value = over;
    });
    return both;
  }
  return {
    base: base.value,
    content: content.value,
    changed,
    /** Somebody else saved meanwhile. */
    stale: changed.length > 0 && numberOf(base.value) !== numberOf(newest),
    based_on: numberOf(base.value),
    take: (whole: Content) => {
      content.value = whole;
    },
    reset: () => adopt(newest),
    /** It is saved: nothing of it is one's own any more. */
    settle: () => {
      base.value = { ...base.value, content: content.value };
    },
    bringOver,
  };
}
