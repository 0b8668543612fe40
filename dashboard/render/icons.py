"""The shapes that stand for a state, always beside its words: never colour alone, and none speaks by itself."""

from __future__ import annotations

from markupsafe import Markup

DISC = '<circle class="lleno" cx="12" cy="12" r="10"/>'
RING = '<circle class="linea" cx="12" cy="12" r="10"/>'
CHECK = f'{DISC}<path class="hueco" d="M7 12.4l3.4 3.4L17 8.6"/>'
CLOCK = f'{RING}<path class="linea" d="M12 6.5V12l3.6 2.4"/>'
SQUARE = '<rect class="lleno" x="2" y="2" width="20" height="20" rx="3"/>'
DIFFERENT = f'{SQUARE}<path class="hueco" d="M7 9.5h10M7 14.5h10M14.5 6l-5 12"/>'
BODY = '<rect class="linea" x="4.5" y="10.5" width="15" height="10.5" rx="2"/>'
LOCK = f'{BODY}<path class="linea" d="M8 10.5V7.4a4 4 0 0 1 8 0v3.1"/>'
DASHED = '<circle class="linea discontinua" cx="12" cy="12" r="10"/>'
UNKNOWN = f'{DASHED}<path class="linea" d="M9.3 9.4a2.8 2.8 0 1 1 3.9 2.6c-.8.4-1.2.9-1.2 1.8M12 17v.4"/>'
PLUS = f'{SQUARE}<path class="hueco" d="M12 6.5v11M6.5 12h11"/>'
FRAME = '<rect class="linea" x="3" y="3" width="18" height="18" rx="3"/>'
MOVED = f'{FRAME}<path class="linea" d="M7.5 12h8.5M12.8 8.4l3.6 3.6-3.6 3.6"/>'
GONE = '<rect class="linea discontinua" x="3" y="3" width="18" height="18" rx="3"/><path class="linea" d="M7.5 12h9"/>'
EQUAL = f'{FRAME}<path class="linea" d="M8 9.8h8M8 14.2h8"/>'
WITHDRAWN = f'{RING}<path class="linea" d="M8.5 8.5l7 7M15.5 8.5l-7 7"/>'


def icon(shape: str) -> Markup:
    """One of the shapes of this module, to go before the words that say the same."""
    return Markup(f'<svg class="icono" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{shape}</svg>')
