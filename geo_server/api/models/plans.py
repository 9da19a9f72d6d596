"""The shapes of plans: of an incident's own, of the versions of all plans, and of the regime of an area."""

from typing import Annotated, Any

from pydantic import Field, model_validator

from geo_server.api.models.base import Asked, Moment, Priority, Sent, SomeId, Text, Title, Word
from geo_server.api.models.grants import AreaNode
from geo_server.operations.content import HIGHEST_ALARM, Answer, Clock, Regime, Urgency
from layers.values import Service


class Need(Sent):
    """So many units of a service; of any of the kinds (none: of any kind), with all of the skills.

    A skill is what a crew can do or what its unit carries: a name in `skills` of /api/map.
    """

    service: Service
    kinds: list[str]
    skills: list[str]
    count: int


class Choice(Sent):
    """One answer of several."""

    name: str
    title: Title


class Question(Sent):
    """What is asked of the caller."""

    name: str
    title: Title
    answer: Answer
    choices: list[Choice]


class AskedQuestion(Question):
    """A question of an incident's plan, and what was answered to it last: to a call, or on the card."""

    given: str | None


class Step(Sent):
    """A line of the checklist; `done`, `at` and `who` as it was marked last."""

    item: str = Field(examples=["fire.hydrants"])
    checklist: Title
    title: Title
    done: bool
    at: Moment | None
    who: str | None


class Told(Sent):
    """Who is to be told, by the role that contacts bear."""

    role: str
    title: Title


class Target(Sent):
    """How long one clock may run, seconds; it warns at that share of it."""

    clock: Clock
    service: Service | None
    seconds: float
    warn_share: float
    source: str = Field(description="The norm it is from; `house` is a target of our own.")


class Plan(Sent):
    """How an incident is answered, and why so."""

    incident_id: int
    category: str
    title: Title
    version: int = Field(description="The version of the plans; 0 for the files, before there is any.")
    alarm: int = Field(ge=1, le=HIGHEST_ALARM)
    highest_alarm: int = Field(ge=1, le=HIGHEST_ALARM)
    regime: Regime
    priority: int
    urgency: Urgency | None
    needs: list[Need]
    questions: list[AskedQuestion]
    checklist: list[Step]
    told: list[Told]
    clocks: list[Target]
    cameras_radius_m: float
    because: list[Title]


class CallPlan(Sent):
    """What an incident of a call would open with now; null and empty before its category and place are known."""

    priority: int | None
    questions: list[Question]
    because: list[Title]


class AnswerQuestion(Asked):
    """A question of the plan by its name, and what was answered."""

    question: Word
    given: Word


class CallAlarm(Asked):
    """Which alarm level is called, and why."""

    level: Annotated[int, Field(ge=1, le=HIGHEST_ALARM)]
    reason: Text


class Recast(Asked):
    """Another category, and why; priority and urgency are the category's where none is given.

    Of the category that it has already an incident keeps its urgency where none is given.
    """

    category: Word
    reason: Text
    priority: Priority | None = None
    urgency: Urgency | None = None


class TickStep(Asked):
    """Which line of the checklist, and whether it is done."""

    item: Word
    done: bool = True


class Version(Sent):
    """One version of the plans; `from_files` where it is what the files say."""

    id: int
    made_at: Moment
    made_by: str
    note: str
    from_files: bool
    sha256: str


class Versions(Sent):
    """The versions, newest first."""

    versions: list[Version]


class Fault(Sent):
    """What is wrong, and where."""

    where: str = Field(examples=["plans.fire.levels[0].needs[1].kinds"])
    problem: Title


class Plans(Sent):
    """All plans in one version (none before the store has any); `files_differ`: the files are of another make.

    `files_faults` is what is wrong with the files, which no version can be made of then.
    """

    version: Version | None
    files_differ: bool
    files_faults: list[Fault]
    content: dict[str, Any]


class EditPlans(Asked):
    """The whole content of a new version, or `from_files`; `based_on` is the version it was made from, 0 for none."""

    content: dict[str, Any] | None = None
    from_files: bool = False
    note: Text
    based_on: Annotated[int, Field(ge=0, le=2**63 - 1)]

    @model_validator(mode="after")
    def _one_of_both(self) -> "EditPlans":
        if (self.content is None) is not self.from_files:
            raise ValueError("give either content or from_files")
        return self


class EditedPlans(Sent):
    """The version that was made, and the entries that differ from the one before."""

    version: Version
    changed: list[str]


class CheckPlans(Asked):
    """A content to be checked; nothing is written."""

    content: dict[str, Any]


class CheckedPlans(Sent):
    """What is wrong, 50 at most; kinds of units, and skills, that plans ask for and nobody has; what would change."""

    faults: list[Fault]
    kinds_nobody_has: list[str]
    skills_nobody_has: list[str]
    changed: list[str]


class SetRegime(Sent):
    """A regime that was set for an area, and why."""

    area: AreaNode
    name: Regime
    reason: str
    set_at: Moment
    set_by: str


class RegimeNow(Sent):
    """The regime an area works in, where it was set (none: everyday), and every one set that the viewer reads."""

    area_id: int
    name: Regime
    title: Title
    about: Title
    by: SetRegime | None
    every: list[SetRegime]
    plans: int = Field(description="The newest version of the plans; 0 for the files, before there is any.")


class AskedRegime(Asked):
    """The regime of an area, and why."""

    area_id: SomeId
    name: Regime
    reason: Text
