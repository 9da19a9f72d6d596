"""Alembic's way in: the connection comes from `layers.migrations.run.migrate`, never from a file."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
