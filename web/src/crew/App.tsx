/** The page: the sign-in, or the bar, what is urgent, one of four tabs, and the panic button that is always there. */
import { useEffect } from "preact/hooks";
import { language, say } from "../words/words";
import { Banners } from "./Banners";
import { Bar } from "./Bar";
import { drawn } from "./look";
import { Messages } from "./Messages";
import { Nav } from "./Nav";
import { usePage } from "./page";
import { SignIn } from "./SignIn";
import { TaskTab } from "./TaskTab";
import { UnitTab } from "./UnitTab";
import { WayTab } from "./WayTab";

function Shown() {
  const { tab, crew } = usePage();
  if (crew.refused.value && !crew.heard.value) return <UnitTab />;
  switch (tab.value) {
    case "task":
      return <TaskTab />;
    case "way":
      return <WayTab />;
    case "messages":
      return <Messages />;
    case "unit":
      return <UnitTab />;
  }
}

/** The whole page. */
export function App() {
  const { crew, tab } = usePage();
  const door = crew.door.value;
  const page = document.documentElement;
  page.lang = language.value;
  page.dataset.look = drawn.value;
  document.title = say("crew.title");
  useEffect(() => document.querySelector("main")?.scrollTo(0, 0), [tab.value]);
  if (door.is === "unknown")
    return (
      <main class="waiting">
        <p role="status">{say("loading")}</p>
      </main>
    );
  if (door.is !== "open") return <SignIn door={door} />;
  return (
    <div class="phone">
      <Bar />
      <Banners />
      <main id="tab" class={tab.value} aria-label={say(`crew.tab.${tab.value}`)}>
        <Shown />
      </main>
      <Nav />
    </div>
  );
}
