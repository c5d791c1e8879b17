"""A stand-in for X's API v2 that keeps state, knows X's rules of 2026, and fails on demand.

    with x_stand_in() as x:                                # a free port; needs X's OpenAPI document
        brand, ada = x.person("acme"), x.person("ada", dm="all")
        tokens = x.sign_in(brand)                          # .access, .refresh; x.keys.app_token
        post = x.post(ada, "@acme the kettle leaks")       # x.edit, .delete, .like, .follow, .send
        ...                                                # x.url is both https://api.x.com and
                                                           # https://x.com (/i/oauth2/authorize)
        x.fault("createPosts", "cut_after")                # see faults.py; x.limit("getUsersMe", 1)
        x.streams.silent = True; x.streams.beat_s = 0.1    # see streams.py; x.streams.disconnect()
        x.webhooks.reach["https://desk.example"] = "http://127.0.0.1:8000"
        x.spelling, x.tier = "tweet", "enterprise"
        assert x.violations == [] and x.posts_of(brand) and x.bill.total < 1

Operations have the names of X's OpenAPI document. A request that does not fit it is answered 400
and kept in `x.violations`. X's clock goes forward with `x.advance(minutes=16)`. X signs webhooks
with the consumer secret or the OAuth 2 client secret, or both: see `x.webhooks.signs`.
"""

from servers.x.serving import x_stand_in
from servers.x.standin import StandIn

__all__ = ["StandIn", "x_stand_in"]
