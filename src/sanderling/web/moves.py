"""What was done, for people: the words of moves, of states, and of what happened to clocks.

What is kept of them are ids and English notes; here is what they say in the language of who reads.
"""

from __future__ import annotations

from sanderling.core.words import later, retold, say
from sanderling.web.wording import state_in_words

WORDS = {
    "take": later("Took the case"), "assign": later("Passed the case on"),
    "put back": later("Put the case back"), "customer wrote": later("The customer wrote"),
    "late post": later("An older post came late"),
    "reply": later("Our answer stood on the network"), "resolve": later("Resolved"),
    "dismiss": later("Needs no answer"), "reopen": later("Opened again"),
    "close": later("Closed"), "withdraw": later("Withdrawn"), "merge": later("Merged"),
    "snooze": later("Put aside"), "wake": later("Woke"), "note": later("Wrote a note"),
    "correct": later("Corrected a verdict"),
    "ask": later("Asked a colleague"), "answer a question": later("Answered a colleague"),
    "withdraw a question": later("Withdrew a question"),
    "remind": later("Reminded of a question"), "wait": later("Waited on a third party"),
    "promise": later("Kept a promise in mind"), "promise due": later("A promise is due"),
    "promise kept": later("Kept a promise"), "promise dropped": later("Dropped a promise"),
    "join incident": later("Part of an incident"),
    "leave incident": later("Not part of the incident"),
    "link": later("Linked"), "unlink": later("Unlinked"), "like": later("Liked the post"),
    "quote asked": later("Asked to quote"), "quote allowed": later("May be quoted"),
    "quote refused": later("May not be quoted"),
    "propose": later("Proposed an answer"), "start": later("Sending began"),
    "sent": later("Sent"), "refused": later("The network refused it"),
    "not sent": later("Not sent yet"), "lost sight": later("Lost sight of it"),
    "found": later("Found on the network"), "not there": later("Not on the network"),
    "give up": later("Given up"), "try again": later("To be tried again"),
    "hold": later("Held"), "release": later("Released"),
    "give": later("The desk gave the case"), "take over": later("Took the case over"),
    "offer": later("Offered the case"), "decline": later("Declined the case"),
    "keep": later("Kept the case"), "offer again": later("Anybody can take the case again"),
    "invited": later("Asked the customer to write in private"),
    "owe": later("A public follow-up is owed"),
    "follow up": later("Told the public how it ended"),
    "no follow-up": later("No public follow-up is owed"),
    "not answered": later("Opened again: our answer did not stand"),
    "approve": later("Approved"), "alone": later("Nobody else could approve it"),
    "send back": later("Sent back"), "expire": later("Nobody approved it in time"),
}  # fmt: skip
"""What moves of cases say."""

OTHERS = {
    ("view", "save"): later("Kept a view"), ("view", "change"): later("Changed a view"),
    ("view", "delete"): later("Deleted a view"),
    ("cause", "add"): later("Added a cause"), ("cause", "rename"): later("Renamed a cause"),
    ("cause", "put away"): later("Put a cause away"),
    ("cause", "bring back"): later("Brought a cause back"),
    ("identity", "link"): later("Said whose account it is"),
    ("identity", "separate"): later("Separated an account from a person"),
    ("column", "added"): later("Added a column"), ("column", "changed"): later("Changed a column"),
    ("column", "resized"): later("Resized a column"), ("column", "moved"): later("Moved a column"),
    ("column", "removed"): later("Took a column away"),
    ("deck", "added"): later("Added a deck"), ("deck", "changed"): later("Changed a deck"),
    ("deck", "removed"): later("Took a deck away"),
    ("post", "ignored"): later("Ignored a post in a column"),
    ("post", "brought back"): later("Brought a post back"),
    ("muted", "muted"): later("Muted an author or a thread"),
    ("muted", "unmuted"): later("Shows an author or a thread again"),
    ("template", "make"): later("Kept a template"),
    ("template", "change"): later("Changed a template"),
    ("template", "archive"): later("Put a template away"),
    ("playbook", "make"): later("Wrote a playbook"),
    ("playbook", "change"): later("Changed a playbook"),
    ("playbook", "put away"): later("Put a playbook away"),
    ("incident", "playbook begun"): later("Began a playbook"),
    ("incident", "role taken"): later("Took a role in an incident"),
    ("incident", "role given"): later("Gave a role in an incident"),
    ("incident", "role given up"): later("Gave up a role in an incident"),
    ("incident", "role offered"): later("Offered a role in an incident"),
    ("incident", "role accepted"): later("Took over a role in an incident"),
    ("incident", "role declined"): later("Did not take over a role in an incident"),
    ("incident", "role kept"): later("Kept a role in an incident"),
    ("incident", "step taken"): later("Took a step of an incident"),
    ("incident", "step given"): later("Gave a step of an incident to somebody"),
    ("incident", "step done"): later("Did a step of an incident"),
    ("incident", "step open again"): later("Opened a step of an incident again"),
    ("incident", "step left out"): later("Left out a step of an incident"),
    ("helperlink", "invite"): later("Asked somebody outside the team"),
    ("helperlink", "revoke"): later("Ended a helper’s link"),
    ("agent", "password"): later("Changed the password"),
    ("agent", "call"): later("Changed the name or signature"),
    ("agent", "picture"): later("Showed a picture"),
    ("agent", "initials"): later("Showed initials again"),
    ("incident", "notice"): later("Noticed an incident"),
    ("incident", "open"): later("Opened an incident"),
    ("incident", "confirm"): later("Confirmed an incident"),
    ("incident", "dismiss"): later("Dismissed an incident"),
    ("incident", "ease"): later("An incident eased"),
    ("incident", "flare up"): later("An incident flared up"),
    ("incident", "end"): later("An incident is over"),
    ("incident", "merge"): later("Merged an incident into another"),
    ("incident", "take in"): later("Another incident became part of it"),
    ("incident", "rename"): later("Renamed an incident"),
    ("incident", "cause"): later("Said the cause of an incident"),
    ("incident", "put in"): later("Put posts into an incident"),
    ("incident", "take out"): later("Took posts out of an incident"),
    ("outgoing", "propose"): later("Proposed an answer"),
    ("outgoing", "approve"): later("Approved an answer"),
    ("outgoing", "send back"): later("Sent an answer back"),
    ("outgoing", "withdraw"): later("Took an answer back"),
    ("outgoing", "hold"): later("Held an answer"),
    ("outgoing", "release"): later("Released an answer"),
}  # fmt: skip
"""What moves of other things than cases say, where that is something else."""

ANSWERS = {
    "propose": later("Answer {n}: proposed an answer"),
    "start": later("Answer {n}: sending began"),
    "sent": later("Answer {n}: sent"),
    "refused": later("Answer {n}: the network refused it"),
    "not sent": later("Answer {n}: not sent yet"),
    "lost sight": later("Answer {n}: lost sight of it"),
    "found": later("Answer {n}: found on the network"),
    "not there": later("Answer {n}: not on the network"),
    "ask": later("Answer {n}: a person must look"),
    "give up": later("Answer {n}: given up"),
    "try again": later("Answer {n}: to be tried again"),
    "hold": later("Answer {n}: held"),
    "release": later("Answer {n}: released"),
    "withdraw": later("Answer {n}: withdrawn"),
    "approve": later("Answer {n}: approved"),
    "alone": later("Answer {n}: nobody else could approve it"),
    "send back": later("Answer {n}: sent back"),
    "expire": later("Answer {n}: nobody approved it in time"),
}
"""What moves of an answer say in the history of its case."""

BEGAN = {
    "acknowledge": later("Clock to acknowledge began"),
    "answer": later("Clock to answer began"),
    "solve": later("Clock to solve began"),
    "follow up": later("Clock to follow up began"),
}
CLOCKS = {
    "acknowledge": later("Clock to acknowledge: {fact}"),
    "answer": later("Clock to answer: {fact}"),
    "solve": later("Clock to solve: {fact}"),
    "follow up": later("Clock to follow up: {fact}"),
}
FACTS = {
    "warned": later("warned"), "broken": later("broken"), "met": later("met"),
    "void": later("void"), "paused": later("paused"), "resumed": later("resumed"),
    "promised anew": later("promised anew"),
}  # fmt: skip
"""What happens to clocks."""

RULES = (later("{rule}, policy {n}"), later("policy {n}"))
"""How the history puts down by which rule a clock ran; only `retold` looks for them."""

COMPOSED = frozenset(
    ("approve", "assign", "brought back", "dismiss", "follow up", "give", "ignored", "link",
     "muted", "no follow-up", "offer again", "promise", "resolve", "take over", "unlink")
)  # fmt: skip
"""Moves with whose words the desk puts sentences of its own, also where a person did them."""


def moved(move: str, kind: str = "") -> str:
    """What a move says; any that is not known says itself."""
    return say(OTHERS.get((kind, move)) or WORDS.get(move) or move.capitalize())


def answer_moved(move: str, n: int) -> str:
    """What a move of answer number `n` says."""
    if move not in ANSWERS:
        return say("Answer {n}: {move}", n=n, move=move)
    return say(ANSWERS[move], n=n)


def change(was: str, became: str) -> str:
    """From which state to which; "" where nothing changed."""
    if was == became:
        return ""
    return say("{was} → {became}", was=state_in_words(was), became=state_in_words(became))


def began(clock: str) -> str:
    """A clock began."""
    return say(BEGAN.get(clock, clock))


def happened(clock: str, fact: str) -> str:
    """Something happened to a clock."""
    return say(CLOCKS.get(clock, CLOCKS["answer"]), fact=say(FACTS.get(fact, fact)))


def by_whom(name: str | None) -> str:
    """Who did it; the desk does what has no person."""
    return name or say("The desk")


def kept(words: str, move: str, *, by_person: bool) -> str:
    """The words kept with a move. Those of the desk are English and retold; what a person wrote
    stays as they wrote it."""
    return words if by_person and move not in COMPOSED else retold(words)


def noted(what: str, words: str, *, quoted: bool) -> str:
    """What was done, with the words that were kept with it."""
    if not words:
        return what
    if quoted:
        return say("{what}: “{words}”", what=what, words=words)
    return say("{what}: {words}", what=what, words=words)
