"""The record of an incident as an EIDO: what happened, who goes, who said what; pure."""

import html
from datetime import UTC, datetime
from hashlib import blake2b
from typing import TypedDict

import msgspec

from geo_server.record import eido, pidf, telling, words
from geo_server.record.schema import Language, LogLine, Record
from layers.calls.rules import State as CallState
from layers.calls.schema import Call
from layers.dispatches.rules import ENDED, Status
from layers.dispatches.schema import Dispatch
from layers.incidents.rules import ENDED as OVER
from layers.units.rules import Primary
from layers.values import Service

# urn:service:responder's names of the services; what the IANA registry lacks stays `rescue` and `gas` of our own.
_AGENCY = {
    Service.POLICE: "police", Service.AMBULANCE: "ems", Service.FIRE: "fire", Service.RESCUE: "rescue",
    Service.GAS: "gas",
}  # fmt: skip
_SECONDARY = {
    Status.DISPATCHED: "Dispatched", Status.ACKNOWLEDGED: "AcknowledgedTransmission", Status.ENROUTE: "EnRoute",
    Status.STAGING: "Staging", Status.ONSCENE: "OnScene", Status.PATIENT: "PatientContact",
    Status.TRANSPORT: "Transporting", Status.AT_DESTINATION: "Hospital", Status.HANDOVER: "Hospital",
}  # fmt: skip
_CALL = {CallState.RINGING: "callBegin", CallState.ANSWERED: "callAnswered", CallState.ENDED: "callEnd"}
Reference = eido.Reference


class Head(TypedDict):
    """What every component begins with."""

    id: str
    last_update_time_stamp: str
    updated_by_agency_reference: Reference


def written(record: Record, language: Language, *, issuer: str) -> eido.Document:
    """Return the document; `issuer` is this server's name in the network, part of every `$id`."""
    return _Writing(record, language, issuer).document()


class _Writing:
    def __init__(self, record: Record, language: Language, issuer: str) -> None:
        self.record, self.language, self.issuer = record, language, issuer
        self.uid = uid_of(record.incident.number, issuer)
        self.agency = self._named("agency", record.incident.area.id)
        self.agents: dict[str, str] = {}

    def document(self) -> eido.Document:
        one, calls = self.record.incident, self.record.calls
        notes = [self._line(line) for line in self.record.log]
        caller = self._caller()
        told = eido.Document(
            **self._part(self.uid, self.record.made_at),
            eido_version="1.0",
            issuing_element_identification=self.issuer,
            agency_component=self._agencies(),
            incident_component=self._incident(notes, caller),
            call_component=[self._call(call) for call in calls],
            callback_component=self._callbacks(),
            dispatch_component=[self._dispatch(sent) for sent in self.record.dispatches],
            notes_component=[
                *self._description(),
                *notes,
                *(self._said(call) for call in calls if self._has_said(call)),
            ],
            emergency_resource_component=self._resources(),
            location_component=[
                eido.Location(
                    **self._part(self._named("place", one.id), one.opened_at),
                    location_type_description_registry_text="Incident",
                    location_by_value=pidf.written(one.place, one.address, entity=f"pres:{one.number}@{self.issuer}"),
                )
            ],
            person_component=caller,
        )
        return msgspec.structs.replace(told, agent_component=self._agents())

    def _part(self, id: str, at: datetime) -> Head:
        reference = Reference(ref=self.agency)
        return {"id": id, "last_update_time_stamp": _stamp(at), "updated_by_agency_reference": reference}

    def _named(self, kind: str, key: object) -> str:
        return f"{kind}-{key}@{self.issuer}"

    def _agent(self, who: str) -> Reference:
        key = blake2b(who.encode(), digest_size=6).hexdigest()
        return Reference(ref=self.agents.setdefault(who, self._named("agent", key)))

    def _agents(self) -> list[eido.Agent]:
        return [
            eido.Agent(
                **self._part(id, self.record.made_at),
                agent_role_registry_text=["Dispatching"],
                agency_reference=Reference(ref=self.agency),
            )
            for id in self.agents.values()
        ]

    def _agencies(self) -> list[eido.Agency]:
        own = eido.Agency(
            **self._part(self.agency, self.record.made_at),
            agency_role_description_registry_text=["Dispatching"],
            agency_type=["psap"],
            incident_owning_agency_indicator=True,
        )
        services = dict.fromkeys(sent.unit.service for sent in self.record.dispatches)
        return [own, *(
            eido.Agency(
                **self._part(self._named("service", service.value), self.record.made_at),
                agency_role_description_registry_text=["Responding"],
                agency_type=[_AGENCY[service]],
            )
            for service in services
        )]  # fmt: skip

    def _incident(self, notes: list[eido.Note], caller: list[eido.Person]) -> eido.Incident:
        one = self.record.incident
        return eido.Incident(
            **self._part(self._named("incident", one.id), one.closed_at or self.record.made_at),
            incident_type_common_registry_text="OTHER",
            incident_type_internal_code=one.category,
            incident_type_internal_text=words.title(self.record.category, self.language),
            incident_status_internal_text=[one.state.value],
            incident_status_common_registry_text=["Closed" if one.state in OVER else "Active"],
            internal_incident_id=one.number,
            incident_priority_internal_text=str(one.priority),
            incident_common_priority_number=one.priority,
            location_reference=[Reference(ref=self._named("place", one.id))],
            person_reference=[Reference(ref=person.id) for person in caller],
            disposition_component=[
                eido.Disposition(
                    **self._part(self._named("disposition", told.service.value), one.closed_at or one.opened_at),
                    disposition_common_registry_code=told.code,
                    disposition_category_text=told.service.value,
                    disposition_description_text=told.note,
                )
                for told in one.disposition
            ],
            notes_reference=[Reference(ref=note.id) for note in (*self._description(), *notes)],
        )

    def _description(self) -> list[eido.Note]:
        one = self.record.incident
        return [self._note("about", one.id, one.opened_at, one.description, one.opened_by)] if one.description else []

    def _line(self, line: LogLine) -> eido.Note:
        told = (words.what(line, self.language), telling.details(line, self.language))
        text = ": ".join(part for part in told if part)
        return self._note(f"{line.source}-line", line.id, line.device_at or line.at, text, line.who)

    def _said(self, call: Call) -> eido.Note:
        text = words.told_by(call, self.record.questions, self.language)
        return self._note("call-said", call.id, call.rang_at, text, call.answered_by or "")

    def _has_said(self, call: Call) -> bool:
        return bool(call.said or call.answers)

    def _note(self, kind: str, key: int, at: datetime, text: str, who: str) -> eido.Note:
        return eido.Note(
            **self._part(self._named(kind, key), at),
            notes_action_comments=html.escape(text),
            agent_reference=self._agent(who) if who else None,
        )

    def _call(self, call: Call) -> eido.Call:
        back = call.phone and self.record.whole
        return eido.Call(
            **self._part(self._named("call", call.id), call.ended_at or call.answered_at or call.rang_at),
            call_state_registry_text=_CALL[call.state],
            standard_primary_call_type="emergency",
            direction="incoming",
            call_start_timestamp=_stamp(call.rang_at),
            answer_date=None if call.answered_at is None else _stamp(call.answered_at),
            call_back_reference=Reference(ref=self._named("call-back", call.id)) if back else None,
            notes_reference=[Reference(ref=self._named("call-said", call.id))] if self._has_said(call) else [],
        )

    def _callbacks(self) -> list[eido.Callback]:
        """Tell phones in a whole record alone: a masked one would be a wrong one."""
        if not self.record.whole:
            return []
        one = self.record.incident
        told = [("call-back", call.id, call.rang_at, call.phone) for call in self.record.calls]
        told += [("caller-back", one.id, one.opened_at, one.caller.phone if one.caller else None)]
        return [
            eido.Callback(**self._part(self._named(kind, key), at), call_back_information_uri=[_tel(phone)])
            for kind, key, at, phone in told
            if phone
        ]

    def _caller(self) -> list[eido.Person]:
        one = self.record.incident
        if not self.record.whole or one.caller is None:
            return []
        back = Reference(ref=self._named("caller-back", one.id)) if one.caller.phone else None
        person = eido.Person(
            **self._part(self._named("caller", one.id), one.opened_at),
            person_incident_role_registry_text=["Caller"],
            call_back_reference=back,
        )
        return [person]

    def _dispatch(self, sent: Dispatch) -> eido.Dispatch:
        return eido.Dispatch(
            **self._part(self._named("dispatch", sent.id), sent.status_at),
            agency_reference=Reference(ref=self._named("service", sent.unit.service.value)),
            agent_reference=self._agent(sent.dispatched_by),
            emergency_resource_reference=[Reference(ref=self._named("unit", sent.unit.id))],
        )

    def _resources(self) -> list[eido.Resource]:
        latest = {sent.unit.id: sent for sent in self.record.dispatches}
        return [self._resource(sent) for sent in latest.values()]

    def _resource(self, sent: Dispatch) -> eido.Resource:
        bound = sent.status not in ENDED
        return eido.Resource(
            **self._part(self._named("unit", sent.unit.id), sent.status_at),
            agent_reference=[self._agent(sent.unit.call_sign)],
            emergency_resource_type_common_registry_text="Other",
            emergency_resource_type_internal_text=sent.unit.kind,
            emergency_resource_name=sent.unit.call_sign,
            primary_unit_status_registry_text=self._primary(sent, bound),
            secondary_unit_status_registry_text=[_SECONDARY[sent.status]] if bound else ["Cleared"],
            resource_attribute_registry_text=[],
            unit_status_internal=[sent.status.value],
            eta=None if sent.eta_at is None or not bound else _stamp(sent.eta_at),
            active_on_incident_id=self.uid if bound else None,
        )

    def _primary(self, sent: Dispatch, bound: bool) -> str:
        """Tell whether a unit can be sent: one that is out of sight is not said to be free."""
        told = None if bound else self.record.primary.get(sent.unit.id)
        return (told or Primary.NOT_AVAILABLE).value


def uid_of(number: str, issuer: str) -> str:
    """Return the name of an incident in the world (NENA-STA-010.3, incident tracking identifier)."""
    return f"urn:emergency:uid:incidentid:{number.replace('-', '')}:{issuer}"


def _tel(phone: str) -> str:
    return "tel:" + "".join(letter for letter in phone if letter.isdigit() or letter == "+")


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def dump(document: eido.Document) -> bytes:
    """Return the document as JSON."""
    return msgspec.json.encode(document)
