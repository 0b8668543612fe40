"""The questions that the site answers. A module here declares a `VIEW`, or several `VIEWS`, and nothing else lists them.

What is in each module, its own first line says.
"""

from __future__ import annotations

import importlib
import pkgutil

from dashboard.view import View


def _found() -> dict[str, View]:
    """Every view by name: those of each module in their order, the modules by their names. ValueError for a name twice."""
    modules = sorted(info.name for info in pkgutil.walk_packages(__path__, f"{__name__}.") if not info.ispkg)
    found: dict[str, View] = {}
    for name in modules:
        for view in declared(name):
            if view.name in found:
                raise ValueError(f"{name}: ya hay una vista llamada {view.name}")
            found[view.name] = view
    return found


def declared(module_name: str) -> tuple[View, ...]:
    """The views that a module declares; AttributeError if it declares none."""
    module = importlib.import_module(module_name)
    return (module.VIEW,) if hasattr(module, "VIEW") else module.VIEWS


VIEWS = _found()
