"""O365, speaking to a local Planner."""

import sys

from O365 import Account
from O365.connection import MSGraphProtocol
from O365.utils.token import MemoryTokenBackend
from requests import HTTPError

URL = sys.argv[1]


class LocalGraph(MSGraphProtocol):
    _protocol_url = f"{URL}/"


def connect(**options):
    """The library's account and planner, with a token that nobody looks at."""
    account = Account(
        ("id", "secret"),
        protocol=LocalGraph(),
        token_backend=MemoryTokenBackend(),
        requests_delay=0,
        **options,
    )
    account.con.session = account.con.get_naive_session()
    account.con.session.headers["Authorization"] = "Bearer local"
    return account, account.planner()


def bucket_in(planner):
    """A bucket in a plan of its own."""
    return planner.create_plan("group-1", "Move").create_bucket("To do")


def refused(write, **arguments):
    """The status with which a write is refused, and what the exception says."""
    try:
        write(**arguments)
    except HTTPError as error:
        return error.response.status_code, str(error)
    return None


def item(title):
    return {"title": title, "isChecked": False, "orderHint": " !"}
