/** A question that was refused for want of a proof or a purpose: ask the person for it, then ask once more. */
import { type Ask, type Asked, type Method, Refused } from "./ask";

/** How a person proves once more who they are. */
export type Means = "totp" | "webauthn" | "password";

/** Who asks the person; `null` and `false` mean that they gave up. */
export type Demands = {
  stepUp: (means: Means[]) => Promise<boolean>;
  purpose: (about: string | undefined) => Promise<string | null>;
};

const PURPOSE = "X-Qyran-Purpose";

/** Whether the person themselves gave up, which needs no complaint. */
export const gaveUp = (error: unknown): boolean => error instanceof Refused && error.code === "gave_up";

/** Hand back what the question is asked with the second time; throws where the person gave up. */
async function satisfied(refused: Refused, asked: Asked, demands: Demands): Promise<Asked> {
  const giveUp = () => new Refused(refused.status, "gave_up", refused.title);
  if (refused.code === "step_up_needed") {
    if (!(await demands.stepUp((refused.details.means as Means[] | undefined) ?? ["password"]))) throw giveUp();
    return asked;
  }
  const purpose = await demands.purpose(asked.about);
  if (purpose === null) throw giveUp();
  return { ...asked, headers: { ...asked.headers, [PURPOSE]: purpose } };
}

/** Wrap the asking: each of the two demands is met at most once for one question. */
export function insist(ask: Ask, demands: Demands): Ask {
  return async <T>(method: Method, path: string, asked: Asked = {}) => {
    const open = new Set(["step_up_needed", "purpose_needed"]);
    for (let again = asked; ; ) {
      try {
        return await ask<T>(method, path, again);
      } catch (error) {
        if (!(error instanceof Refused) || !open.delete(error.code)) throw error;
        again = await satisfied(error, again, demands);
      }
    }
  };
}
