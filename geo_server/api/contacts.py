"""Contacts: who is told of what in an area, by which ways, and who stands in for them."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response, status

from geo_server.access.visiting import Visiting, permitted
from geo_server.api.models import Id
from geo_server.api.models import contacts as models
from geo_server.api.models.base import Area, Title
from geo_server.api.models.notices import Told
from geo_server.notify import contact_queries, contacts, queries
from geo_server.notify.schema import Administered
from geo_server.notify.webhook import Secrets

router = APIRouter(prefix="/contacts", tags=["contacts"])
Writer = Annotated[Visiting, permitted("contacts.write")]


@router.get("")
async def every(
    visiting: Annotated[Visiting, permitted("contacts.list")],
    role: Annotated[str | None, Query(max_length=48, description="Only who holds this role.")] = None,
) -> models.Contacts:
    """Return the contacts of the area entered and of all below it, by role and name."""
    async with visiting.visit("contacts") as session:
        found = await contact_queries.every(session, role=role)
    return models.Contacts(contacts=[_answer(one) for one in found])


@router.post("", status_code=status.HTTP_201_CREATED)
async def add(new: models.NewContact, visiting: Writer) -> models.Contact:
    """Write a contact down, of an area at or below the one entered."""
    async with visiting.visit("contacts") as session:
        made = await contacts.add(session, visiting.viewer, new.model_dump())
        visiting.say(about=("contacts", made.contact.id), details=_details(new), personal=_personal(new))
    return _answer(made)


@router.patch("/{id}")
async def change(id: Id, changed: models.ChangedContact, visiting: Writer) -> models.Contact:
    """Change what is named; a chain that runs reaches the contact by what stands here when its step begins."""
    async with visiting.visit("contacts", id) as session:
        values = changed.model_dump(exclude_unset=True)
        made = await contacts.change(session, visiting.viewer, id, values)
        visiting.say(details=_details(changed), personal=_personal(changed))
    return _answer(made)


@router.delete("/{id}", status_code=status.HTTP_204_NO_CONTENT)
async def remove(id: Id, visiting: Writer) -> None:
    """Take a contact out; what it was told of stays."""
    async with visiting.visit("contacts", id) as session:
        await contacts.remove(session, id)


@router.post("/{id}/test", status_code=status.HTTP_202_ACCEPTED)
async def test(id: Id, by: models.Test, visiting: Annotated[Visiting, permitted("contacts.test")]) -> Told:
    """Send a test message by one channel; what became of it is told by the tests."""
    async with visiting.visit("contacts", id) as session:
        told = await contacts.test(session, visiting.viewer, id, by.channel)
        visiting.say(details={"channel": by.channel})
    return Told.model_validate(told)


@router.get("/{id}/tests")
async def tests(id: Id, visiting: Annotated[Visiting, permitted("contacts.list")]) -> models.Tests:
    """Return what became of a contact's last tests, the newest first."""
    async with visiting.visit("contacts", id) as session:
        await contacts.of_id(session, id)
        found = await queries.told_to_contact(session, id)
    return models.Tests(tests=[Told.model_validate(one) for one in found])


@router.post("/{id}/secret")
async def secret(id: Id, request: Request, response: Response, visiting: Writer) -> models.Secret:
    """Give a contact's webhook a new secret and tell it this once; what is signed from now on is signed by it."""
    response.headers["Cache-Control"] = "no-store"
    async with visiting.visit("contacts", id) as session:
        await contacts.of_id(session, id)
        turned = await contact_queries.next_secret(session, id)
        visiting.say(details={"secret_round": turned})
        told = Secrets(home=request.app.state.settings.home).of(id, turned)
    return models.Secret(secret=told)


def _answer(made: Administered) -> models.Contact:
    contact = made.contact
    names = (name for name in models.Contact.model_fields if hasattr(contact, name))
    area = Area(id=contact.area_id, name=Title.model_validate(made.area))
    values = {name: getattr(contact, name) for name in names}
    return models.Contact(**values, area=area, created_at=made.created_at, created_by=made.created_by)


def _details(said: models.NewContact | models.ChangedContact) -> dict[str, object]:
    named = said.model_dump(exclude_unset=True, include={"area_id", "unit_id", "role", "channels", "enabled"})
    return named | {"escalates_to_id": said.escalates_to_id}


def _personal(said: models.NewContact | models.ChangedContact) -> dict[str, str]:
    named = said.model_dump(include={"name", "phone", "email", "url", "topic"})
    return {field: value for field, value in named.items() if value}
