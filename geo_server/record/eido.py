"""An Emergency Incident Data Object (NENA-STA-021.1a, EIDO 1.0): the components of it that this house writes and reads.

Shapes and names are those of NENA's published `openapi.yaml` 1.0.0; what it requires is required here (decision 16).
"""

from typing import Literal

import msgspec


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """Names another component by its `$id`."""

    ref: str = msgspec.field(name="$ref")


class Part(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """What every component begins with (PrologueType)."""

    id: str = msgspec.field(name="$id")
    last_update_time_stamp: str
    updated_by_agency_reference: Reference
    updated_by_agent_reference: Reference | None = None


class Agency(Part, frozen=True, kw_only=True):
    """An organisation that has to do with the incident."""

    agency_role_description_registry_text: list[str]
    agency_type: list[str]
    incident_owning_agency_indicator: bool | None = None
    notes_reference: list[Reference] = []


class Agent(Part, frozen=True, kw_only=True):
    """A person or a system that acts."""

    agent_role_registry_text: list[str]
    agency_reference: Reference


class Note(Part, frozen=True, kw_only=True):
    """What somebody wrote, as HTML."""

    notes_action_comments: str
    agent_reference: Reference | None = None


class Location(Part, frozen=True, kw_only=True):
    """A place; `location_by_value` is a PIDF-LO document (RFC 4119)."""

    location_type_description_registry_text: str
    location_by_value: str | None = None
    location_description_text: str | None = None


class Disposition(Part, frozen=True, kw_only=True):
    """How it ended for one agency."""

    disposition_common_registry_code: str
    disposition_category_text: str | None = None
    disposition_description_text: str | None = None


class Incident(Part, frozen=True, kw_only=True):
    """The incident itself; the common texts come from registries, the internal ones are the sender's own."""

    incident_type_common_registry_text: str
    incident_type_internal_code: str | None = None
    incident_type_internal_text: str | None = None
    incident_status_internal_text: list[str] = []
    incident_status_common_registry_text: list[str] = []
    internal_incident_id: str | None = None
    incident_priority_internal_text: str | None = None
    incident_common_priority_number: int | None = None
    location_reference: list[Reference] = []
    person_reference: list[Reference] = []
    disposition_component: list[Disposition] = []
    notes_reference: list[Reference] = []


class Call(Part, frozen=True, kw_only=True):
    """A call that told of it."""

    call_state_registry_text: str
    standard_primary_call_type: str
    direction: Literal["incoming", "outgoing", "internal"]
    call_start_timestamp: str
    answer_date: str | None = None
    call_back_reference: Reference | None = None
    person_reference: list[Reference] = []
    notes_reference: list[Reference] = []


class Callback(Part, frozen=True, kw_only=True):
    """How somebody can be called."""

    call_back_information_uri: list[str] = []


class Person(Part, frozen=True, kw_only=True):
    """Somebody who has to do with it."""

    person_incident_role_registry_text: list[str]
    call_back_reference: Reference | None = None
    notes_reference: list[Reference] = []


class Resource(Part, frozen=True, kw_only=True):
    """A unit that responds: one primary status, and what it does beside."""

    agent_reference: list[Reference]
    emergency_resource_type_common_registry_text: str
    primary_unit_status_registry_text: str
    resource_attribute_registry_text: list[str]
    secondary_unit_status_registry_text: list[str]
    emergency_resource_type_internal_text: str | None = None
    emergency_resource_name: str | None = None
    unit_status_internal: list[str] = []
    eta: str | None = None
    active_on_incident_id: str | None = None


class Dispatch(Part, frozen=True, kw_only=True):
    """Units that somebody sent."""

    agency_reference: Reference | None = None
    agent_reference: Reference | None = None
    emergency_resource_reference: list[Reference] = []


class Merge(Part, frozen=True, kw_only=True):
    """Another incident that this one replaces, that replaces it, or from which it was split."""

    incident_tracking_identifier: str
    incident_merge_direction_code: Literal["REPLACING", "REPLACED", "SPLIT"]


class Link(Part, frozen=True, kw_only=True):
    """Another incident that has to do with this one."""

    incident_tracking_identifier: str
    link_direction_code: Literal["PARENT", "CHILD", "RELATED", "UNLINK"]
    transaction_reason_text: str | None = None


class Document(Part, frozen=True, kw_only=True):
    """The whole; its `$id` is the incident's name in the world."""

    eido_version: Literal["1.0"]
    issuing_element_identification: str
    agency_component: list[Agency]
    incident_component: Incident | None = None
    call_component: list[Call] = []
    callback_component: list[Callback] = []
    dispatch_component: list[Dispatch] = []
    notes_component: list[Note] = []
    emergency_resource_component: list[Resource] = []
    agent_component: list[Agent] = []
    location_component: list[Location] = []
    person_component: list[Person] = []
    merge_component: list[Merge] = []
    link_component: list[Link] = []
