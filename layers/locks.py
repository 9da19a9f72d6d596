"""The advisory locks of the store, each number once: by them what runs on several servers takes turns."""

from enum import IntEnum, unique


@unique
class AdvisoryLock(IntEnum):
    """What is done by one at a time. SQL of migrations takes some of them too: a number is never changed there."""

    MIGRATING = 7_126_001  # two servers started at once must not both migrate
    ROW_ORDER = 7_126_002  # makes the order of the bell's numbers the order of commits; `panic_follows` takes it too
    POSITION_ORDER = 7_126_003  # the same, of batches of positions
    SIGN_IN = 7_126_004  # with the name that is tried, as a second number
    TRACK_DAY = 7_126_010  # taken by `make_track_day` alone
    SEALING = 7_126_011
    NOTICE_CHAINS = 7_126_012
    CITY_IMPORT = 7_126_013  # two imports at once would both find that the city is not there yet
    PLAN_VERSIONS = 7_126_031  # one new version after another
    ROUTES = 7_126_041
    ROSTER = 7_126_047
    CLOCKS = 7_126_051
    WATCHING_POSITIONS = 7_126_061
    COVERAGE = 7_126_081
    PLACEMENT = 7_126_083
    REGISTER = 7_126_082  # one file after another is taken into the register of cameras
    HOLDS = 7_126_071  # whoever sets a hold is answered when nothing that it holds is being deleted
    REPORTS = 7_126_084
