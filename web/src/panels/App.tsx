/** The page: the sign-in or the desk. */
import { language, say } from "../words/words";
import { useHouse } from "./house";
import { IncidentCard } from "./IncidentCard";
import { MapPane } from "./MapPane";
import { Queue } from "./Queue";
import { SignIn } from "./SignIn";
import { OfflineBanner, TopBar } from "./TopBar";

function Notice() {
  const notice = useHouse().desk.notice.value;
  return (
    <div class={`notice ${notice?.bad ? "bad" : ""}`} role="status" aria-live="polite">
      {notice?.text}
    </div>
  );
}

/** The whole page. */
export function App() {
  const { desk } = useHouse();
  document.documentElement.lang = language.value;
  document.title = say("app.title");
  if (desk.account.value === undefined)
    return (
      <p class="empty" role="status">
        {say("loading")}
      </p>
    );
  if (desk.account.value === null) return <SignIn />;
  return (
    <div class={`desk ${desk.opened_id.value === null ? "" : "with-card"}`}>
      <TopBar />
      <Queue />
      <MapPane />
      <IncidentCard />
      <OfflineBanner />
      <Notice />
    </div>
  );
}
