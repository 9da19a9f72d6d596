"""Whether a camera hides anything from people, as the store answers it."""

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import JSONPATH
from sqlalchemy.sql import cast

from layers.cameras.table import camera

HAS_PRIVACY_MASKS = func.jsonb_path_exists(camera.c.masks, cast('$[*] ? (@.kind == "privacy")', JSONPATH))
