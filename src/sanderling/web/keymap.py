"""What can be done from the keyboard, as one table: the map, the palette, the tooltips and the
scripts that listen all read it, so that they cannot differ."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.urls import Resolver404, resolve
from markupsafe import Markup

from sanderling.core.words import later, say

EVERYWHERE = later("Everywhere")
GO = later("Go to")
LIST = later("List")
CASE = later("Case")
VERDICT = later("A verdict")
WRITING = later("Writing")
APPROVALS = later("Approvals")
DECK = later("Deck")
CALLED = (later("Space"), later("Esc"))
"""Keys that have a name, and not only a sign."""
_ARIA = {"⇧": "Shift", "↵": "Enter", "Esc": "Escape"}


@dataclass(frozen=True, slots=True)
class Command:
    """One thing to do. `words` and `where` are said when they are shown. `keys` are as they are
    shown, with spaces between: "⇧ R" are pressed together, "G D" one after the other. `go` is an
    address, `press` finds a button; with neither, a script of the page listens to the key. `needs`
    finds what must be on the page for it. Only what has an `icon` stands in the palette, and what
    is for a `lead` only in theirs."""

    name: str
    words: str
    keys: str
    where: str
    go: str = ""
    press: str = ""
    needs: str = ""
    icon: str = ""
    lead: bool = False

    @property
    def key(self) -> str:
        """As the scripts name it: one key of KeyboardEvent, or "g d"; empty where a chord with
        Control or Command, or several keys, do it."""
        first, _, second = self.keys.partition(" ")
        if first == "⇧":
            return second
        if first == "G" and second:
            return f"g {second.lower()}"
        if second or first in ("", "↵", "Esc"):
            return ""
        return " " if first == "Space" else first.lower()

    @property
    def aria(self) -> str:
        """For aria-keyshortcuts, which knows keys and chords but no sequences."""
        parts = [_ARIA.get(part, part) for part in self.keys.split()]
        if parts[:1] == ["⌘"]:
            rest = "+".join(parts[1:])
            return f"Control+{rest} Meta+{rest}"
        return "+".join(parts) if len(parts) == 1 or parts[0] == "Shift" else ""


def _go(name: str, words: str, keys: str, go: str, icon: str) -> Command:
    return Command(name, words, keys, GO, go=go, icon=icon)


TABLE = (
    Command("palette", later("Search or do"), "⌘ K", EVERYWHERE),
    Command("map", later("Keyboard map"), "?", EVERYWHERE, icon="keyboard"),
    Command("side", later("Fold the sidebar"), "[", EVERYWHERE, icon="panel-left"),
    Command("density", later("Compact rows"), "⇧ D", EVERYWHERE, icon="rows-3"),
    Command(
        "theme", later("Switch theme"), "", EVERYWHERE, press="[data-theme-toggle]", icon="sun-moon"
    ),
    Command(
        "here", later("Be at work"), "", EVERYWHERE, press="#me-menu [value=here]",
        icon="user-check",
    ),
    Command(
        "away", later("Be away for a while"), "", EVERYWHERE, press="#me-menu [value=away]",
        icon="coffee",
    ),
    Command(
        "out", later("Sign out"), "", EVERYWHERE, press="#me-menu form[action='/signout/'] button",
        icon="log-out",
    ),
    _go("desk", later("Desk"), "G D", "/desk/", "inbox"),
    _go("deck", later("Deck"), "G K", "/deck/", "columns-3"),
    _go("foryou", later("For you"), "G F", "/mentions/", "bell"),
    _go("approvals", later("Approvals"), "G A", "/approvals/", "stamp"),
    _go("incidents", later("Incidents"), "G I", "/incidents/", "siren"),
    _go("planner", later("Planner"), "G P", "/planner/", "calendar-clock"),
    _go("reports", later("Reports"), "G R", "/reports/", "chart-line"),
    _go("lists", later("Lists"), "G L", "/lists/", "rows-3"),
    _go("judgement", later("Judgement"), "G J", "/judgement/", "gauge"),
    _go("policy", later("Policy"), "G Y", "/policy/", "scroll-text"),
    _go("playbooks", later("Playbooks"), "G B", "/playbooks/", "book-marked"),
    _go("handover", later("Hand-over"), "G H", "/handover/", "repeat-2"),
    _go("unsent", later("Not sent"), "G U", "/unsent/", "circle-alert"),
    _go("people", later("People and teams"), "G T", "/people/", "users"),
    _go("templates", later("Templates"), "G M", "/templates/", "book-marked"),
    _go("networks", later("Networks"), "G N", "/networks/", "radio-tower"),
    _go("search", later("Search"), "G S", "/search/", "search"),
    _go("views", later("Saved views"), "G V", "/views/", "list-filter"),
    _go("history", later("What you did"), "G W", "/history/", "history"),
    _go("drills", later("Drills"), "G X", "/drills/", "flask-conical"),
    _go("settings", later("Settings"), "G E", "/settings/", "settings"),
    Command(
        "begin", later("Open an incident…"), "⇧ O", EVERYWHERE, press="[data-open=open-incident]",
        icon="siren",
    ),
    Command("causes", later("Causes"), "", GO, go="/causes/", icon="git-branch", lead=True),
    Command("filter", later("Filter the list"), "F", LIST, needs="#list", icon="list-filter"),
    Command("down", later("Next row"), "J", LIST),
    Command("up", later("Previous row"), "K", LIST),
    Command("open", later("Open case"), "↵", LIST),
    Command("choose", later("Choose"), "X", LIST),
    Command("all", later("Choose all shown"), "⇧ X", LIST, needs="#rows .row", icon="check-check"),
    Command("none", later("Choose none"), "Esc", LIST),
    Command("new", later("Show new posts"), ".", LIST, needs="[data-shownew]", icon="arrow-up"),
    Command("next", later("Take next due"), "N", LIST, icon="arrow-right"),
    Command("public", later("Public reply"), "1", CASE, needs="#composer", icon="globe"),
    Command("direct", later("Direct message"), "2", CASE, needs="#composer", icon="lock"),
    Command("note", later("Internal note"), "3", CASE, needs="#composer", icon="sticky-note"),
    Command(
        "template", later("Put in a template…"), "T", CASE, needs="#composer", icon="book-marked"
    ),
    Command(
        "assign", later("Assign…"), "A", CASE, needs="[popovertarget=assign-menu]", icon="user-plus"
    ),
    Command("hand", later("Hand over…"), "O", CASE, needs="[data-open=hand]", icon="users-round"),
    Command(
        "snooze", later("Snooze…"), "H", CASE, needs="[popovertarget=snooze-menu]",
        icon="alarm-clock",
    ),
    Command("incident", later("Link to incident…"), "L", CASE, needs="#composer", icon="siren"),
    Command(
        "link", later("Link a case…"), "⇧ L", CASE, press="[data-open=link-sheet]", icon="link"
    ),
    Command(
        "resolve", later("Resolve…"), "⇧ R", CASE, needs="#case-head [data-open=resolve]",
        icon="check-check",
    ),
    Command(
        "reopen", later("Reopen"), "", CASE, press="[data-act=reopen] button", icon="history"
    ),
    Command(
        "ask", later("Ask a colleague…"), "", CASE, press="[data-open=ask-sheet]",
        icon="circle-question-mark",
    ),
    Command(
        "wait", later("Wait on somebody outside…"), "", CASE, press="[data-open=wait-sheet]",
        icon="hourglass",
    ),
    Command(
        "promise", later("Note a promise…"), "", CASE, press="#more-menu [href$='/promise/']",
        icon="calendar-clock",
    ),
    Command(
        "story", later("History of this case"), "", CASE, press="#more-menu [href$='/history']",
        icon="history",
    ),
    Command("card", later("Customer card"), "]", CASE, needs="#cust", icon="panel-right"),
    Command("correct", later("Correct the verdict"), "V", CASE, needs="#why", icon="gauge"),
    Command("needs", later("Needs us, or not"), "Y N", VERDICT),
    Command("kind", later("Kind, by its letter"), "C Q R P O S", VERDICT),
    Command("tone", later("Tone, glad to furious"), "1 … 6", VERDICT),
    Command("urgency", later("Urgency, low to critical"), "7 … 0", VERDICT),
    Command("lang", later("Language, topic, why"), "L T W", VERDICT),
    Command("save", later("Save"), "↵", VERDICT),
    Command("send", later("Send and wait"), "⌘ ↵", WRITING),
    Command("keep", later("Send, keep open"), "⌘ ⇧ ↵", WRITING),
    Command("undo", later("Undo send (8 s)"), "⌘ Z", WRITING),
    Command("suggest", later("Suggestions"), "⌘ .", WRITING),
    Command("slash", later("Templates, where a line begins"), "/", WRITING),
    Command("leave", later("Leave the box, keep the draft"), "Esc", WRITING),
    Command("waits", later("Next and last answer"), "J K", APPROVALS),
    Command("approve", later("Approve"), "⌘ ↵", APPROVALS),
    Command("edit", later("Edit"), "E", APPROVALS),
    Command("back", later("Send back"), "B", APPROVALS),
    Command("posts", later("Next and last post"), "↓ ↑", DECK),
    Command("columns", later("Next and last column"), "→ ←", DECK),
    Command("make", later("Make a case"), "C", DECK),
    Command("like", later("Like"), "L", DECK),
    Command("ignore", later("Ignore in this column"), "E", DECK),
    Command("mute", later("Mute…"), "M", DECK),
    Command("judge", later("Correct the verdict"), "V", DECK),
    Command("grip", later("On a column’s grip: move it, make it wider"), "→ ⇧→", DECK),
    Command("pause", later("Pause all"), "Space", DECK, needs="#cols", icon="pause"),
)  # fmt: skip
"""In the order in which the map shows them. A page that is not there is left out of both."""

NAMED = {command.name: command for command in TABLE}


@cache
def commands() -> tuple[Command, ...]:
    """All that leads somewhere in this installation."""
    return tuple(command for command in TABLE if not command.go or exists(command.go))


def sections() -> list[tuple[str, list[Command]]]:
    """The map: what has keys, by the place where they work, which is said in words."""
    shown = [command for command in commands() if command.keys]
    places = dict.fromkeys(command.where for command in shown)
    return [(say(place), [c for c in shown if c.where == place]) for place in places]


def offered(*, is_lead: bool) -> list[Command]:
    """What the palette offers an agent, where the page has it."""
    return [c for c in commands() if c.icon and (is_lead or not c.lead)]


def hint(name: str, words: str = "") -> Markup:
    """The attributes that tell a button's key, to eyes and to ears; raises KeyError. `words` are
    what the button is called there, said already."""
    command = NAMED[name]
    keys = " ".join(say(key) for key in command.keys.split())
    title = Markup("{} ({})").format(words or say(command.words).rstrip("…"), keys)
    if not command.aria:
        return Markup('title="{}"').format(title)
    return Markup('title="{}" aria-keyshortcuts="{}"').format(title, command.aria)


def way(address: str) -> Markup:
    """The keys that lead to a page, for its link to show while it is pointed at."""
    keys = next((command.keys for command in TABLE if command.go == address), "")
    return Markup('data-way="{}"').format(keys) if keys else Markup("")


def exists(address: str) -> bool:
    """This installation has such a page."""
    try:
        resolve(address)
    except Resolver404:
        return False
    return True
