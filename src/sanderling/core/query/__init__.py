"""The column query language: parse it, say it, ask whether a post fits, match thousands at once."""

from sanderling.core.query.match import Matcher
from sanderling.core.query.parse import QueryError, parse
from sanderling.core.query.say import say
from sanderling.core.query.subject import Subject
from sanderling.core.query.tree import Query, holds

__all__ = ["Matcher", "Query", "QueryError", "Subject", "holds", "parse", "say"]
