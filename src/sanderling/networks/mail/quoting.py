"""What a person wrote, without the letter they answered and without their signature. Pure."""

from __future__ import annotations

import re

_WROTE = re.compile(
    r"^(?:on\b.*\bwrote|am\b.*\bschrieb\b.*|le\b.*\ba écrit|el\b.*\bescribió|il\b.*\bha scritto"
    r"|op\b.*\bschreef\b.*|em\b.*\bescreveu|den\b.*\bskrev\b.*|.*\btarihinde\b.*\byazdı"
    r"|.*\bnapisał\(?a?\)?|.*\bпишет|.*كتب)\s*[::]$",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(
    r"^-{2,}\s*(?:original message|original-nachricht|ursprüngliche nachricht|mensaje original"
    r"|message d'origine|messaggio originale|oorspronkelijk bericht|mensagem original"
    r"|özgün ileti|forwarded message|weitergeleitete nachricht)\s*-{2,}$",
    re.IGNORECASE,
)
_DEVICE = re.compile(
    r"^(?:sent from my|sent from outlook|von meinem .{1,40} gesendet|envoyé de mon|enviado desde mi"
    r"|inviato da|verstuurd vanaf mijn|enviado do meu|get outlook for)\b.{0,60}$",
    re.IGNORECASE,
)


def written(text: str) -> str:
    """The own words in `text`: history at its end and the signature are left out.

    Answers written between quoted lines keep those lines, for they say what is answered. Never
    empty where `text` is not.
    """
    lines = [line.rstrip() for line in text.split("\n")]
    own = _without_history(_without_signature(lines))
    own = _without_device(own)
    return "\n".join(own).strip() or text.strip()


def _without_signature(lines: list[str]) -> list[str]:
    """Up to the line "-- " (RFC 3676, 4.3), if what follows is no longer than signatures are."""
    for at in range(max(0, len(lines) - 30), len(lines)):
        if lines[at] == "--":
            return lines[:at]
    return lines


def _without_history(lines: list[str]) -> list[str]:
    for at, line in enumerate(lines):
        if _ORIGINAL.match(line[:200].strip()):
            return lines[:at]
        follows = lines[at + 1] if at + 1 < len(lines) else ""
        head = 2 if _wrote(line, follows) else 1 if _wrote(line) else 0
        if head and _only_quoted(lines[at + head :]):
            return lines[:at]
    end = len(lines)
    while end and (lines[end - 1].startswith(">") or not lines[end - 1]):
        end -= 1
    return lines[:end]


def _wrote(*lines: str) -> bool:
    """Whether this says that what follows was written by another; mail programs break it in two."""
    return bool(_WROTE.match(" ".join(line.strip() for line in lines)[:400]))


def _only_quoted(lines: list[str]) -> bool:
    return all(line.startswith(">") or not line for line in lines)


def _without_device(lines: list[str]) -> list[str]:
    end = len(lines)
    while end and not lines[end - 1]:
        end -= 1
    return lines[: end - 1] if end and _DEVICE.match(lines[end - 1][:200]) else lines
