"""What `publish` does once it has built: write it down, write it, make it current. A process to be killed by the tests.

`python -m tests.light_publisher <destination> <prepared>` publishes the release whose files are in the folder
`<prepared>`; it costs a tenth of what the whole command does.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from etl.publish.change import current_id, publish_release
from etl.publish.history import Action, History
from etl.release import MANIFEST, only_one


def main(destination: Path, prepared: Path) -> None:
    """Publish `prepared` under `destination`."""
    files = {path.name: path.read_bytes() for path in prepared.iterdir()}
    manifest = json.loads(files[MANIFEST])
    with only_one(destination):
        history = History(destination)
        history.settle(current_id(destination))
        publish_release(manifest["publicacion"], files, manifest, destination, history, Action.PUBLISH)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
