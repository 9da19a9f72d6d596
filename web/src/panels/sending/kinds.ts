/** What kinds of units are called. */
import kinds from "../../../../data/unit_kinds.json";
import type { Title } from "../../api/types";
import { titleOf } from "../../words/words";

const KINDS: Record<string, { title: Title }> = kinds;

/** The kind's title, or its name where the windows do not know it. */
export const kindTitle = (kind: string): string => titleOf(KINDS[kind]?.title) || kind.replaceAll("_", " ");
