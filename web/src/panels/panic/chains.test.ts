import { beforeEach, expect, test } from "vitest";
import type { Notice, Told } from "../../api/notices";
import { language } from "../../words/words";
import { chainLine } from "./Chains";

beforeEach(() => {
  language.value = "en";
});
const NOW = Date.parse("2026-11-22T06:00:00Z");
const chain = (told: Partial<Told>) =>
  ({ to_role: "duty_officer", state: "open", due_at: null, ended_how: null, notices: [], ...told }) as Told;
const notice = (told: Partial<Notice>) =>
  ({ to_name: "Aigul", channel: "mail", state: "sent", queued_at: "2026-11-22T05:59:00Z", ...told }) as Notice;

test("before anybody is told it says who will be, and in how long", () => {
  expect(chainLine(chain({ due_at: "2026-11-22T06:00:12Z" }), NOW)).toBe("Senior duty officer will be told in 0:12");
  expect(chainLine(chain({ due_at: "2026-11-22T05:59:59Z" }), NOW)).toBe("Senior duty officer is being told");
});

test("the last step is told with its channel, what became of it and when", () => {
  const told = chain({ notices: [notice({ delivered_at: "2026-11-22T05:59:30Z", state: "delivered" }), notice({})] });
  expect(chainLine(told, NOW)).toBe("Senior duty officer: Aigul · e-mail · delivered · 10:59:30");
});

test("nobody in the role is said, and a panic that was heard in time needs no line", () => {
  expect(chainLine(chain({ state: "expired", ended_how: "unanswered" }), NOW)).toBe(
    "Senior duty officer: there is nobody to tell",
  );
  expect(chainLine(chain({ state: "expired", ended_how: "panic_heard" }), NOW)).toBeNull();
});
